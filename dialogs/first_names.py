"""The commonest first names in Norway: a name of nothing else has no last name in it."""

from __future__ import annotations

import re

_NAMES = """
aina aksel alexander alf amalie amanda anders andrea andreas anette anita ann anna anne anne-lise annette
arild arne arnfinn asbjørn aslaug astrid atle aud audun aurora beate bendik benjamin bente berit birgit bjarne
bjørg bjørn bodil børge camilla caroline cecilie charlotte christian christina christine christoffer dag
dagfinn dagny daniel david egil eilif einar eirik eivind eldbjørg elin eline elisabeth elise ella ellen elsa
else emil emilie emma endre erik erika erling espen eva even fredrik frida frode geir georg gerd grete gro
gudrun gunhild gunn gunnar gunvor gustav guri hallvard halvor hanna hanne hans harald hedda hege heidi helene
helga helge henriette henrik henry hilde hildegunn håkon håvard ida idar ine inga inge ingebjørg ingeborg
inger ingrid ingunn iselin ivar jakob jan janne jens jenny jo johan johanna johannes john johnny jon jonas
jorunn julia julie jørgen jørn kaja kaare karen kari karianne karin karl karoline katrine kathrine kenneth
ketil kim kine kirsten kirsti kjell kjersti kjetil klara knut kristian kristin kristina kristine kristoffer
kåre lars lasse laila leif lena lene leon line lina linda linn linnea lisa lise lise-lotte liv live lise magne
magnus maja malin marcus margit margrete maren mari maria marianne marie marit marius markus marte marta
martha martin mathias mathilde maud merete mette mia mikael mikkel mina mona monica morten nadia nils nina
nora odd oddvar oda ola olav ole oline oskar ove per pernille peter petter pål ragna ragnar ragnhild randi
reidar reidun rita roar robert roger rolf roy rune ruth rønnaug sander sara sebastian sigmund signe sigrid
sigurd silje simen sindre siri siv sofie sol solfrid solveig sondre stein steinar stian stig stine sunniva
susanne svein sverre synne synnøve sølvi terje thea thomas thor thorbjørn tiril tobias tom tommy tone tor
torbjørn tore torgeir torhild torill tormod torstein tove trine trond trude trygve truls turid unn unni ulf
vegard vera vibeke vidar vigdis viktor vilde wenche werner willy yngve yvonne øivind øyvind øystein åge åse
åshild
"""

FIRST_NAMES = frozenset(re.findall(r"\S+", _NAMES))
"""In small letters."""
