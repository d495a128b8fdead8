import type { Tlp } from "@assay/contract";
import type { StixObject } from "./stix-object.ts";

/** TLP 2.0 in STIX: the objects that OASIS published (cti-stix-common-objects, extension definition tlp-2.0). */
const ids: Readonly<Record<Tlp, string>> = {
  CLEAR: "94868c89-83c2-464b-929b-a1a8aa3c8487",
  GREEN: "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
  AMBER: "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
  "AMBER+STRICT": "939a9414-2ddd-4d32-a0cd-375ea402b003",
  RED: "e828b379-4e03-4974-9ac4-e53a884c97c1",
};

export function tlpMarking(tlp: Tlp): StixObject {
  return {
    type: "marking-definition",
    spec_version: "2.1",
    id: `marking-definition--${ids[tlp]}`,
    created: "2022-10-01T00:00:00.000Z",
    name: `TLP:${tlp}`,
    extensions: {
      "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {
        extension_type: "property-extension",
        tlp_2_0: tlp.toLowerCase(),
      },
    },
  };
}
