"""Batch reports: one content, written as PDF, HTML, Markdown, slides and sheets."""
