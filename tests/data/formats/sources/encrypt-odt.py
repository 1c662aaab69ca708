import subprocess, time, uno, sys
from com.sun.star.beans import PropertyValue

p = subprocess.Popen(
    [
        "/usr/lib/libreoffice/program/soffice.bin",
        "-env:UserInstallation=file:///tmp/lo-profile",
        "--headless",
        "--norestore",
        "--accept=pipe,name=fmtenc;urp;",
    ]
)
ctx = uno.getComponentContext()
res = ctx.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", ctx)
for i in range(40):
    try:
        c = res.resolve("uno:pipe,name=fmtenc;urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.5)
d = c.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", c)
pv = lambda n, v: PropertyValue(n, 0, v, 0)
doc = d.loadComponentFromURL("file://" + sys.argv[1], "_blank", 0, (pv("Hidden", True),))
doc.storeToURL("file://" + sys.argv[2], (pv("FilterName", "writer8"), pv("Password", "hollyhock")))
doc.close(True)
d.terminate()
p.wait(20)
