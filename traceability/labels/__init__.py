"""What is stuck on a pack: one QR code (`qr`), the PDF of one label or of a sheet (`sheet`).

Needs the extra `labels` (qrcode, Pillow, ReportLab and the package with the font).
"""
