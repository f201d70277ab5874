"""Reading: functions that return rows or models, one module per noun."""
