// Manifests and lists of nodes: an error has a place and a remedy; what is read knows where it
// stands, and written as JSON it is read back the same.
#include <sstream>
#include <string>

#include "k8s/json_text.h"
#include "k8s/manifest.h"
#include "k8s/nodes.h"
#include "tests/fuzz/fuzz.h"

using ballast::k8s::ReadManifests;
using ballast::k8s::ReadNodes;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = ballast::fuzz::AsText(data, size);

  std::istringstream stream{std::string(text)};
  const auto nodes = ReadNodes(stream, "nodes.yaml");
  if (!nodes.ok()) FUZZ_LAW(!nodes.error().what.empty());

  const auto documents = ReadManifests(text, "manifest.yaml");
  if (!documents.ok()) {
    FUZZ_LAW(documents.error().where.starts_with("manifest.yaml"));
    FUZZ_LAW(!documents.error().what.empty());
    return 0;
  }
  for (const auto& document : *documents) {
    FUZZ_LAW(document.PlaceOf("").starts_with("manifest.yaml:"));
    // JSON is YAML, so the same reader has to take it; what is not UTF-8 was refused before.
    const auto again = ReadManifests(ballast::k8s::PrintJson(document.object), "again.json");
    FUZZ_LAW(again.ok());
    if (document.object.is_object() && !document.object.contains("items")) {
      FUZZ_LAW(again->size() == 1);
      FUZZ_LAW(again->front().object == document.object);
    }
  }
  return 0;
}
