#include "webhook/admission/mistyped_fields.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "k8s/patch.h"
#include "policy/spark_settings.h"
#include "webhook/policy_file/near_word.h"

namespace ballast::webhook {
namespace {

constexpr int kMostLookedAt = 50;                // members that are no fields, of a document
constexpr int kMostSettings = 500;               // that Ballast does not know
constexpr std::string_view kConf = "sparkConf";  // in every kind that has such a map

// Of every object.
constexpr std::string_view kObjectNames[] = {"apiVersion", "kind", "metadata", "spec", "status"};
constexpr std::string_view kMetadataNames[] = {"annotations",
                                               "creationTimestamp",
                                               "deletionGracePeriodSeconds",
                                               "deletionTimestamp",
                                               "finalizers",
                                               "generateName",
                                               "generation",
                                               "labels",
                                               "managedFields",
                                               "name",
                                               "namespace",
                                               "ownerReferences",
                                               "resourceVersion",
                                               "selfLink",
                                               "uid"};

bool Has(const k8s::FieldNames& place, std::string_view name) {
  return std::ranges::find(place.names, name) != place.names.end();
}

// "; memory is a field of /spec/driver and /spec/executor", or "; did you mean executor?"; empty:
// nobody knows.
std::string WhatWasMeant(const std::vector<k8s::FieldNames>& places, const k8s::FieldNames& place,
                         std::string_view name) {
  std::vector<std::string_view> elsewhere;
  for (const k8s::FieldNames& other : places) {
    if (!other.pointer.empty() && Has(other, name)) elsewhere.push_back(other.pointer);
  }
  if (!elsewhere.empty()) {
    return "; " + std::string(name) + " is a field of " + Enumerated(elsewhere);
  }
  const std::string_view meant = Meant(name, place.names);
  return meant.empty() ? "" : "; did you mean " + std::string(meant) + "?";
}

bool AreNear(std::string_view written, std::string_view known) {
  return !Meant(written, {&known, 1}).empty();
}

// One letter at most: each of Spark 3.3 to 4.3 has some thousand settings that Ballast has no use
// for, and none is as near to one that it knows.
void AddMistypedSettings(k8s::JsonView conf, const std::string& pointer,
                         std::vector<policy::Error>& mistakes) {
  std::vector<std::string_view> known;
  for (const policy::Setting& setting : policy::AllSettings()) known.push_back(setting.key);
  int looked_at = 0;
  conf.ForEachMember([&](std::string_view key, k8s::JsonView) {
    if (!key.starts_with("spark.") || policy::FindSetting(policy::HashedKey(key)) != nullptr ||
        ++looked_at > kMostSettings) {
      return;
    }
    const std::string_view meant = ButForALetter(key, known);
    if (meant.empty()) return;
    std::string where = pointer;
    k8s::AppendToken(where, key);
    mistakes.push_back(
        {std::move(where), "is no setting of Spark's; did you mean " + std::string(meant) + "?"});
  });
}

// A kind or group that is nearly a known one, for which the document is passed over as one of
// somebody else's.
std::vector<policy::Error> MistypedKind(std::string_view api_version, std::string_view name) {
  const std::string_view group = api_version.substr(0, api_version.find('/'));
  for (const k8s::Kind* kind : k8s::AllKinds()) {
    const bool known = kind->group == group && kind->kind == name;
    if (kind->group.empty() || known || !AreNear(group, kind->group) ||
        !AreNear(name, kind->kind)) {
      continue;
    }
    const std::string meant = std::string(kind->group) + "/" + std::string(kind->versions.front());
    return {{kind->group == group ? "/kind" : "/apiVersion",
             "is not judged; did you mean " + std::string(kind->kind) + " of " + meant + "?"}};
  }
  return {};
}

// As they stand in the file.
void SortByPlace(const k8s::ManifestDocument& document, std::vector<policy::Error>& mistakes) {
  const auto place = [&](const policy::Error& mistake) {
    const auto found = document.places.find(mistake.where);
    const k8s::SourcePlace at = found == document.places.end() ? k8s::SourcePlace() : found->second;
    return std::tuple(at.line, at.column);
  };
  std::ranges::stable_sort(mistakes, {}, place);
}

}  // namespace

std::vector<policy::Error> MistypedFields(const k8s::ManifestDocument& document) {
  const k8s::JsonView object(document.object);
  const k8s::Kind* kind = k8s::FindKind(object);
  if (kind == nullptr) {
    return MistypedKind(object["apiVersion"].string().value_or(""),
                        object["kind"].string().value_or(""));
  }
  std::vector<policy::Error> mistakes;
  if (kind->names.empty()) return mistakes;
  std::vector<k8s::FieldNames> places = {{"", kObjectNames}, {"/metadata", kMetadataNames}};
  places.insert(places.end(), kind->names.begin(), kind->names.end());
  int looked_at = 0;
  for (const k8s::FieldNames& place : places) {
    object.At(place.pointer).ForEachMember([&](std::string_view member, k8s::JsonView) {
      if (Has(place, member) || ++looked_at > kMostLookedAt) return;
      const std::string meant = WhatWasMeant(places, place, member);
      if (meant.empty()) return;
      std::string where(place.pointer);
      k8s::AppendToken(where, member);
      mistakes.push_back({std::move(where), "is no field of a " + std::string(kind->kind) +
                                                " and counts for nothing" + meant});
    });
    if (Has(place, kConf)) {
      AddMistypedSettings(object.At(place.pointer)[kConf],
                          std::string(place.pointer) + "/" + std::string(kConf), mistakes);
    }
  }
  SortByPlace(document, mistakes);
  return mistakes;
}

}  // namespace ballast::webhook
