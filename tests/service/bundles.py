"""A small OneRoster bundle that a test can change: files as text, in a folder or a zip."""

import zipfile
from pathlib import Path
from typing import Any

from service import Store
from service.oneroster.checking import read_bundle
from service.principal import LOCAL
from service.usecases.oneroster import BundleOutcome, import_bundle
from tests.cast import NOW

BASE = "sourcedId,status,dateLastModified"
DATES = "beginDate,endDate"
SCORED = "scoreDate,comment,missing"
FILES: dict[str, str] = {
    "manifest": """propertyName,value
manifest.version,1.0
oneroster.version,1.2
file.academicSessions,bulk
file.orgs,bulk
file.courses,bulk
file.classes,bulk
file.users,bulk
file.roles,bulk
file.enrollments,bulk
file.demographics,bulk
file.lineItems,bulk
file.lineItemLearningObjectiveIds,bulk
file.results,bulk
file.resultLearningObjectiveIds,bulk
file.resources,absent
""",
    "orgs": f"""{BASE},name,type,identifier,parentSourcedId
d1,,,District,district,,
s1,,,School One,school,,d1
""",
    "academicSessions": f"""{BASE},title,type,startDate,endDate,parentSourcedId
y1,,,2025/26,schoolYear,2025-08-01,2026-07-31,
""",
    "courses": f"""{BASE},title,orgSourcedId
m1,,,Mathematics,s1
""",
    "classes": f"""{BASE},title,classType,courseSourcedId,schoolSourcedId,termSourcedIds
elm,,,Class Elm,scheduled,m1,s1,y1
ash,,,"Class Ash, morning",homeroom,m1,s1,y1
""",
    "users": f"""{BASE},enabledUser,username,givenName,familyName,preferredGivenName,password
u1,,,true,mia,Mia,Berg,,secret1
u2,,,TRUE,noa,Noah,Kern,Noa,secret2
u3,,,false,ole,Ole,Lund,,
t1,,,true,teach,Tess,Ruiz,,
""",
    "roles": f"""{BASE},userSourcedId,roleType,role,orgSourcedId
r1,,,u1,primary,student,s1
r2,,,u2,primary,student,s1
r3,,,u3,primary,student,s1
r4,,,t1,primary,teacher,s1
""",
    "enrollments": f"""{BASE},classSourcedId,schoolSourcedId,userSourcedId,role,primary,{DATES}
e1,,,elm,s1,u1,student,false,2025-08-01,2099-07-31
e2,,,elm,s1,u2,student,false,,
e3,,,ash,s1,u2,student,false,,2025-12-24
e4,,,ash,s1,t1,teacher,true,,
""",
    "demographics": f"""{BASE},birthDate,sex,white,hispanicOrLatinoEthnicity
u1,,,2013-05-05,female,true,false
u2,,,2013-06-06,male,false,true
""",
    "lineItems": f"""{BASE},title,assignDate,dueDate,classSourcedId,resultValueMin,resultValueMax
add-coins,,,Coins,2026-01-05,2026-01-06,elm,0,4
quiz-7,,,Quiz 7,2026-01-07,2026-01-08,elm,0,10
party,,,Class party,2026-01-09,2026-01-10,elm,0,1
""",
    "lineItemLearningObjectiveIds": f"""{BASE},lineItemSourcedId,source,learningObjectiveId
o1,,,quiz-7,case,subtract
o2,,,quiz-7,case,of another framework
""",
    "results": f"""{BASE},lineItemSourcedId,studentSourcedId,scoreStatus,score,{SCORED}
x1,,,add-coins,u1,fully graded,3,2026-01-06,well done,
x2,,,quiz-7,u1,fully graded,5,2026-01-08,,
x3,,,quiz-7,u2,not submitted,,2026-01-08,,true
x4,,,party,u1,fully graded,1,2026-01-10,,
x5,,,add-coins,u2,exempt,,2026-01-06,,
x6,,,quiz-7,u3,fully graded,12,2026-01-08,,
""",
    "resultLearningObjectiveIds": f"""{BASE},resultSourcedId,source,learningObjectiveId,score
j1,,,x6,case,multiply,4
""",
}  # fmt: skip


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """Return the small bundle with one passage of one file replaced."""
    assert FILES[file].count(old) == 1, (file, old)
    return {**FILES, file: FILES[file].replace(old, new)}


def line_of(files: dict[str, str], file: str, words: str) -> int:
    """Return the line of a file on which some words stand."""
    lines = files[file].splitlines()
    return next(i for i, line in enumerate(lines, 1) if words in line)


def folder(path: Path, files: dict[str, str] = FILES) -> Path:
    """Write a bundle as a folder."""
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def archive(path: Path, files: dict[str, str] = FILES, inside: str = "") -> Path:
    """Write a bundle as a zip file, its files in the folder `inside`."""
    with zipfile.ZipFile(path, "w") as file:
        for name, text in files.items():
            file.writestr(f"{inside}{name}.csv", text)
    return path


def put(store: Store, files: dict[str, str], path: Path, **how: Any) -> BundleOutcome:
    """Import a bundle at the fixed moment."""
    return import_bundle(store, LOCAL, read_bundle(folder(path, files)), NOW, **how)
