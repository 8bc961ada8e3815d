"""The prompt: its editor, what is told about the text, earlier prompts and templates."""
