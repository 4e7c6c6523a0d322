"""Check the sentences of a speech; they are in my-edition/claims/speech/claims.toml."""

from pathlib import Path

import tierscape

mine = Path(__file__).parent / "my-edition"
places = tierscape.load(mine, editions=["g20-2023"])
for row in tierscape.claims(places, "speech").itertuples():
    print(f"{row.verdict}: {row.text_en}")
    print(f"  {row.evidence}")
