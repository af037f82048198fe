"""A small table with something of everything."""

from __future__ import annotations

from engine.data.columns import Column

FLOWERS = """\
id,length,width,colour,day,note,species
1,5.1,3.5,red,2024-01-02,none of it,setosa
2,4.9,NA,red,2024-01-03,is alike,setosa
3,7.0,3.2,blue,2024-02-01,in any,virginica
4,6.3,3.3,blue,2024-02-07,of these,virginica
5,5.8,2.7,red,2024-03-01,many rows,setosa
"""


def roles(columns: tuple[Column, ...]) -> dict[str, str]:
    return {column.name: column.role for column in columns}
