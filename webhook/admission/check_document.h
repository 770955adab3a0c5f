// What the webhook would do to a document of a manifest, were it created now: `check`, and the
// page.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "k8s/manifest.h"
#include "policy/result.h"
#include "webhook/admission/admit.h"

namespace ballast::webhook {

// One document and what became of it. The document outlives it.
struct Checked {
  const k8s::ManifestDocument* document = nullptr;
  AdmissionAnswer answer;
  nlohmann::json decision;  // as decision_json.h has it
};

// Whether a finding says why it is refused; else the answer's message alone does (an unknown
// version, a rewrite that its author refuses).
bool ToldByFinding(const AdmissionAnswer& answer);

// A kind that Ballast does not judge is admitted. The error's `where` is a JSON pointer into the
// document: it cannot be read. `namespace_name` is of a document that does not name its own.
policy::Result<Checked> CheckDocument(const k8s::ManifestDocument& document,
                                      const Snapshot& snapshot, std::string_view namespace_name,
                                      int64_t now_seconds);

}  // namespace ballast::webhook
