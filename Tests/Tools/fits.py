#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fits.py FILE [a4|letter|WIDTH]... : whether all of a page's text has its place, as Chromium draws it.

On paper (a4, letter) the page is laid out by its rules for print, in the width between the margins, and printed: every sheet
is of that size, has a heading and "page x of y", and no word stands outside of it. A WIDTH in pixels is that of a screen.
In either, no text stands beyond its cell, none is cut off, and no two texts lie on one another. Prints what is wrong, and
otherwise a line for each way: the sheets, or the width.
"""
import html
import pathlib
import re
import subprocess
import sys
import tempfile

# Width and height in points, and the width between the margins in millimetres.
PAPERS = {"a4": (595, 842, 186), "letter": (612, 792, 191.9)}
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]

SCRIPT = """
const found = [], texts = [], edge = 1.5;
const words = node => node.data.trim().replace(/\\s+/g, ' ').slice(0, 60);
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode, parent = node.parentElement;
  if (!node.data.trim() || parent.closest('[aria-hidden], .skip, title, desc, style, script')) continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const box of range.getClientRects()) {
    if (box.width < 1) continue;
    for (let area = parent; area; area = area.parentElement) {
      const style = getComputedStyle(area), place = area.getBoundingClientRect();
      const isCell = ['TD', 'TH', 'DD', 'DT', 'BODY'].includes(area.tagName) || area.className === 'sheet';
      if ((isCell || style.overflow !== 'visible') && style.display !== 'inline'
          && (box.right > place.right + edge || box.left < place.left - edge
              || box.bottom > place.bottom + edge || box.top < place.top - edge))
        { found.push(`beyond its ${area.tagName.toLowerCase()}: ${words(node)}`); break; }
    }
    texts.push([box, node]);
  }
}
for (const area of document.querySelectorAll('*')) {
  const style = getComputedStyle(area);
  if (style.textOverflow === 'ellipsis' && area.scrollWidth > area.clientWidth + 1) found.push(`cut off: ${area.textContent}`);
}
texts.sort((a, b) => a[0].top - b[0].top);
texts.forEach(([one, node], index) => {
  for (let next = index + 1; next < texts.length && texts[next][0].top < one.bottom - 4; next++) {
    const [other, second] = texts[next];
    if (second !== node && other.left < one.right - 3 && one.left < other.right - 3 && other.bottom > one.top + 4)
      found.push(`on one another: ${words(node)} / ${words(second)}`);
  }
});
const list = document.createElement('pre');
list.id = 'fits';
list.textContent = [...new Set(found)].join('\\n');
document.body.append(list);
"""


def run(command, folder):
    result = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    if result.returncode:
        sys.exit(f"fits.py: {command[0]}: {result.stderr.strip()[-300:]}")
    return result.stdout


def misplaced(page, folder, width, is_paper):
    """What has no place of its own in a window of so many pixels."""
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    if is_paper:
        page = page.replace("@media print", "@media all")
        page = page.replace("</style>", f"body {{ width: {width}px !important; margin: 0 !important; max-width: none }}</style>")
    copy = pathlib.Path(folder, "copy.html")
    copy.write_text(page.replace("</body>", f"<script>{SCRIPT}</script></body>"))
    size = f"--window-size={int(width) + (40 if is_paper else 0)},2000"
    dom = run([*CHROMIUM, f"--user-data-dir={folder}/profile", size, "--dump-dom", copy.as_uri()], folder)
    found = re.search(r'<pre id="fits">(.*?)</pre>', dom, re.S)
    if not found:
        sys.exit("fits.py: the page was not looked at")
    return html.unescape(found[1]).splitlines()


def printed(page, folder, paper):
    """How many sheets it takes, and what is wrong with them."""
    width, height, _ = PAPERS[paper]
    copy, pdf = pathlib.Path(folder, "copy.html"), pathlib.Path(folder, "copy.pdf")
    # What names no paper takes that of the printer.
    copy.write_text(re.sub(r"@page \{ (?!size)", f"@page {{ size: {paper}; ", page))
    run([*CHROMIUM, f"--user-data-dir={folder}/profile", "--no-pdf-header-footer", f"--print-to-pdf={pdf}", copy.as_uri()], folder)
    text = run(["pdftotext", "-bbox", pdf, "-"], folder)
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', text, re.S)
    found = []
    for number, (wide, high, words) in enumerate(pages, 1):
        if abs(float(wide) - width) > 1 or abs(float(high) - height) > 1:
            found.append(f"sheet {number}: {wide} by {high} points")
        boxes = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', words)
        foot = " ".join(word[4] for word in boxes if float(word[1]) > height - 40)
        if f"page {number} of {len(pages)}" not in foot:
            found.append(f"sheet {number}: no 'page {number} of {len(pages)}' but '{foot}'")
        if not any(float(word[3]) < 40 for word in boxes):
            found.append(f"sheet {number}: nothing at its head")
        for left, top, right, bottom, word in boxes:
            if float(left) < 25 or float(right) > width - 25 or float(top) < 8 or float(bottom) > height - 8:
                found.append(f"sheet {number}: beyond its margin: {html.unescape(word)}")
    return len(pages), found


def main(file, *ways):
    page = pathlib.Path(file).read_text()
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        for way in ways:
            if way in PAPERS:
                found = misplaced(page, folder, PAPERS[way][2] / 25.4 * 96, True)
                count, others = printed(page, folder, way)
                found, said = found + others, f"{way}: {count} sheet{'s' * (count != 1)}"
            else:
                found, said = misplaced(page, folder, int(way), False), f"{way} pixels: fits"
            for fault in found:
                print(f"{file}: {way}: {fault}")
            if found:
                status = 1
            else:
                print(said)
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
