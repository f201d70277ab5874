"""The rules: functions that change what the tables hold, one module per noun."""
