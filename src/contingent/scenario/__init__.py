"""The typed question: what is asked, who decides, where, with what, judged by what."""
