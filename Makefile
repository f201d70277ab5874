# Mọi lệnh của dự án. Trên máy không có make, chạy thẳng các dòng bên dưới.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test bench lint types lock docs wheel clean

help: ## Liệt kê các lệnh
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Cài đặt nếu cần, rồi mở cửa hàng mẫu tại http://127.0.0.1:8000 (Ctrl-C để dừng)
	@$(PYTHON) tools/setup.py
	@$(BIN)/dacsan run --demo

test: ## Cài đặt nếu cần, rồi kiểm tra mã nguồn và chạy mọi phép thử
	@$(PYTHON) tools/suite.py

bench: dev ## Đo các đường đi nhiều nhất: mỗi đường so với một mốc đo cùng lúc
	@$(BIN)/python -m benchmarks

chaos: dev ## Giết tiến trình 200 lần lúc đang bán, trên cả hai cơ sở dữ liệu (ROUNDS=số lần, SEED=chạy lại y như trước)
	@CHAOS_ROUNDS=$(or $(ROUNDS),200) CHAOS_SEED=$(or $(SEED),0) $(BIN)/python -m pytest tests/races/test_kill_anything.py -s

lint: dev ## Kiểm tra cách viết mã nguồn và mẫu trang
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint --quiet --lint templates

types: dev ## Kiểm tra kiểu dữ liệu
	@$(BIN)/mypy

lock: dev ## Ghi lại các tệp khóa phiên bản trong requirements/ (thêm UPGRADE=1 để lấy bản mới)
	@$(BIN)/python tools/lock.py $(if $(UPGRADE),--upgrade)

docs: dev ## Viết lại docs/reference/ từ mã nguồn
	@$(BIN)/python tools/reference.py

wheel: dev ## Đóng gói vào dist/
	@$(BIN)/python -m build --no-isolation .

clean: ## Xóa những gì các lệnh trên tạo ra, trừ dữ liệu trong var/
	@rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: dev
dev:
	@$(PYTHON) tools/setup.py --dev
