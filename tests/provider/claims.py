"""What the provider says of a person, as the file of people has it at that moment."""

import json
import sys
from pathlib import Path
from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator


class Claims(OAuth2Validator):
    oidc_claim_scope = None

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        people = json.loads((Path(sys.argv[2]) / "people.json").read_text())
        return {"preferred_username": request.user.username, **people[request.user.username]["claims"]}
