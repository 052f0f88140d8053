"""As which files can a document be written, and which function writes each?

Output formats. A format is one line here and a module beside this one, whose function takes a `Document` and gives
text or bytes; it is loaded when it is asked for.
"""

FORMATS = {
    "html": "contingent.brief.render.html:page", "pdf": "contingent.brief.render.pdf:pdf",
    "txt": "contingent.brief.render.terminal:plain", "md": "contingent.brief.render.markdown:markdown",
    "docx": "contingent.brief.render.docx:docx",
}  # fmt: skip
"""The function behind each ending of a file's name."""
