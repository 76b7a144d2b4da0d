"""Takes what its formulas came to out of a workbook, has LibreOffice work them out, and compares: check.py WORKBOOK FOLDER"""
import csv
import pathlib
import re
import subprocess
import sys
import zipfile

workbook, folder = sys.argv[1], pathlib.Path(sys.argv[2])
profile = folder / "profile" / "user"
profile.mkdir(parents=True)
# Without this LibreOffice shows what the file says that formulas came to.
(profile / "registrymodifications.xcu").write_text(
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
    "<value>0</value></prop></item></oor:items>")

formula = re.compile(r'<c r="([A-Z]+)(\d+)"[^>]*><f>[^<]*</f><v>([^<]*)</v>')
written = {}
names = []
emptied = folder / "emptied.xlsx"
with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(emptied, "w") as target:
    names = re.findall(r'<sheet name="([^"]*)"', source.read("xl/workbook.xml").decode())
    for entry in source.namelist():
        content = source.read(entry)
        found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry)
        if found:
            text = content.decode()
            written[names[int(found[1]) - 1]] = formula.findall(text)
            content = re.sub(r"(<f>[^<]*</f><v>)[^<]*", r"\g<1>0", text).encode()
        target.writestr(entry, content)
subprocess.run(
    ["soffice", f"-env:UserInstallation=file://{profile.parent}", "--headless", "--convert-to",
     # Commas, UTF-8, numbers as they are stored, and every sheet.
     "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1", "--outdir", folder, emptied],
    check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)


def column(letters):
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


count = 0
for name in names:
    with open(folder / f"emptied-{name}.csv", newline="") as file:
        rows = list(csv.reader(file))
    for letters, line, amount in written[name]:
        computed = rows[int(line) - 1][column(letters)]
        if abs(float(computed) - float(amount)) > 0.001:
            sys.exit(f"{workbook}: {name}!{letters}{line} comes to {computed}, not {amount}")
        count += 1
if count == 0:
    sys.exit(f"{workbook} has no formula")
print(f"{pathlib.Path(workbook).name}: {count} formulas in {len(names)} sheets come to what was written")
