from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay import Context, Indicator


def fetch_data(indicator: "Indicator", context: "Context"):
    response = context.http.get(f"https://api.example.com/v1/ip/{indicator.data}")
    if response.status == 404:
        context.not_found()
    found = response.json()
    if not isinstance(found, dict) or not isinstance(found.get("reports"), int):
        context.bad_response("the answer has no number of reports")

    threshold = context.config["suspiciousReports"]
    text = f"Reported {found['reports']} times"
    return {
        "data": found,
        "verdict": "suspicious" if found["reports"] >= threshold else "none",
        "reasons": [{"code": "reports", "text": text, "value": found["reports"], "threshold": threshold}],
    }
