"""The language server: specs in an editor (extra `lsp`)."""
