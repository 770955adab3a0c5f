#include "webhook/admission/mistyped_fields.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "k8s/patch.h"
#include "webhook/policy_file/near_word.h"

namespace ballast::webhook {
namespace {

constexpr int kMostLookedAt = 50;  // members that are no fields, of a document

bool Has(const k8s::FieldNames& place, std::string_view name) {
  return std::ranges::find(place.names, name) != place.names.end();
}

// "; memory is a field of /spec/driver and /spec/executor", or "; did you mean executor?"; empty:
// nobody knows.
std::string WhatWasMeant(const k8s::Kind& kind, const k8s::FieldNames& place,
                         std::string_view name) {
  std::vector<std::string_view> elsewhere;
  for (const k8s::FieldNames& other : kind.names) {
    if (Has(other, name)) elsewhere.push_back(other.pointer);
  }
  if (elsewhere.empty()) return DidYouMean(name, place.names);
  return "; " + std::string(name) + " is a field of " + Enumerated(elsewhere);
}

}  // namespace

std::vector<policy::Error> MistypedFields(const k8s::ManifestDocument& document) {
  std::vector<policy::Error> mistakes;
  const k8s::JsonView object(document.object);
  const k8s::Kind* kind = k8s::FindKind(object["apiVersion"].string().value_or(""),
                                        object["kind"].string().value_or(""), object);
  if (kind == nullptr) return mistakes;
  int looked_at = 0;
  for (const k8s::FieldNames& place : kind->names) {
    object.At(place.pointer).ForEachMember([&](std::string_view name, k8s::JsonView) {
      if (Has(place, name) || ++looked_at > kMostLookedAt) return;
      const std::string meant = WhatWasMeant(*kind, place, name);
      if (meant.empty()) return;
      std::string where(place.pointer);
      k8s::AppendToken(where, name);
      mistakes.push_back({std::move(where), "is no field of a " + std::string(kind->kind) +
                                                " and counts for nothing" + meant});
    });
  }
  return mistakes;
}

}  // namespace ballast::webhook
