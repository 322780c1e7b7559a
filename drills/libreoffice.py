"""LibreOffice as another person's program: it opens a workbook, types into cells, and saves it, without a window."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

PROGRAM = os.environ.get("SOFFICE", "") or shutil.which("soffice") or ""
SECONDS = 120

LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" library:link="false"/></library:libraries>"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Typing"/></library:library>"""
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Typing" script:language="StarBasic">
Sub Edit(source As String, target As String, list As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  file = FreeFile
  Open list For Input As #file
  Do While Not Eof(file)
    Line Input #file, told
    words = Split(told, Chr(9))
    If UBound(words) = 2 Then
      cell = book.Sheets.getByIndex(CInt(words(0))).getCellRangeByName(words(1))
      cell.setFormula(words(2))
    End If
  Loop
  Close #file
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName" : how(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL(ConvertToURL(target), how())
  book.close(True)
End Sub
</script:module>"""


def is_there(folder: Path) -> bool:
    """Whether there is a LibreOffice with its Calc; some installations have the Writer alone."""
    if not PROGRAM:
        return False
    source = folder / "asked.csv"
    source.write_text("1\n")
    _run(folder, "--convert-to", "xlsx", "--outdir", str(folder), str(source))
    return (folder / "asked.xlsx").is_file()


def edited(source: Path, target: Path, typed: Sequence[tuple[int, str, str]]) -> Path:
    """Type into cells (sheet, address, text, as if at the keyboard) and save the workbook as a new one."""
    folder = target.parent
    basic = folder / "profile" / "user" / "basic"
    if not basic.is_dir():
        _run(folder, "--terminate_after_init")  # makes the profile
    (basic / "Standard").mkdir(parents=True, exist_ok=True)
    (basic / "script.xlc").write_text(
        LIBRARIES.replace(
            ' library:link="false"/>',
            f' xlink:href="file://{basic}/Standard/script.xlb/" xlink:type="simple" library:link="false"/>',
        )
    )
    (basic / "Standard" / "script.xlb").write_text(LIBRARY)
    (basic / "Standard" / "Typing.xba").write_text(MODULE)
    told = folder / "typed.txt"
    told.write_text("".join(f"{sheet}\t{address}\t{text}\n" for sheet, address, text in typed), encoding="utf-8")
    _run(folder, f"macro:///Standard.Typing.Edit({source},{target},{told})")
    assert target.is_file(), "LibreOffice saved nothing"
    return target


def _run(folder: Path, *arguments: str) -> None:
    profile = f"-env:UserInstallation=file://{folder}/profile"
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    command = [PROGRAM, "--headless", "--norestore", profile, *arguments]
    subprocess.run(command, env=environment, capture_output=True, timeout=SECONDS, check=False)
