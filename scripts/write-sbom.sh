#!/bin/bash
# Prints the bill of materials of the image as SPDX 2.3 JSON: the program, the Debian packages that
# are in the image, and the libraries of headers alone that were compiled into the program.
#
#   scripts/write-sbom.sh PROGRAM DPKG_FOLDER
#
# DPKG_FOLDER is the image's /var/lib/dpkg. Runs in the stage that has compiled the program.
set -euo pipefail

program=${1:?usage: scripts/write-sbom.sh PROGRAM DPKG_FOLDER}
dpkg_folder=${2:?usage: scripts/write-sbom.sh PROGRAM DPKG_FOLDER}
header_only=(libcli11-dev nlohmann-json3-dev)

sha256=$(sha256sum "$program" | cut -d ' ' -f 1)
version=$("$program" --version | grep -o '[0-9][0-9.]*[^ ]*' | head -n 1)
distribution=$(. /etc/os-release && echo "$ID-$VERSION_ID")

# Names and versions of Debian packages hold nothing that JSON would have to escape.
format='    {"SPDXID": "SPDXRef-deb-${Package}", "name": "${Package}", '
format+='"versionInfo": "${Version}", "downloadLocation": "NOASSERTION", '
format+='"externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", '
format+='"referenceLocator": "pkg:deb/debian/${Package}@${Version}?arch=${Architecture}&distro='
format+="$distribution"'"}]},\n'

packages() {
  # An SPDX identifier has letters, digits, dots and hyphens.
  dpkg-query --admindir="$dpkg_folder" --show --showformat="$format"
  dpkg-query --show --showformat="$format" "${header_only[@]}"
}

related() {
  local spdx_id kind
  while read -r spdx_id kind; do
    printf ',\n    {"spdxElementId": "SPDXRef-image", "relationshipType": "%s", ' "$kind"
    printf '"relatedSpdxElement": "%s"}' "$spdx_id"
  done
}

all=$(packages | sed -E ':again; s/("SPDXID": "[^"]*)[^A-Za-z0-9."-]([^"]*")/\1-\2/; t again')
cat <<END
{
  "spdxVersion": "SPDX-2.3",
  "dataLicense": "CC0-1.0",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "ballast-$version",
  "documentNamespace": "urn:sha256:$sha256",
  "creationInfo": {
    "created": "$(date -u +%Y-%m-%dT%H:%M:%SZ)",
    "creators": ["Tool: write-sbom.sh"]
  },
  "packages": [
    {"SPDXID": "SPDXRef-image", "name": "ballast-image", "versionInfo": "$version", "downloadLocation": "NOASSERTION"},
$all
    {"SPDXID": "SPDXRef-ballast", "name": "ballast", "versionInfo": "$version", "downloadLocation": "NOASSERTION",
     "checksums": [{"algorithm": "SHA256", "checksumValue": "$sha256"}]}
  ],
  "relationships": [
    {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-image"}$(
      { echo "$all" | sed -n 's/.*"SPDXID": "\([^"]*\)".*/\1 CONTAINS/p'; echo "SPDXRef-ballast CONTAINS"; } | related)
  ]
}
END
