"""What runs beside a crawl: run log, monitors, alerts."""
