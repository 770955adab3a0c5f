// What a kind of resource is to Ballast: how to read it into a Workload, and where each number is
// kept. One file each, one table each; the list of all is kinds.cc.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/json_view.h"
#include "k8s/kinds/field.h"
#include "k8s/kinds/field_names.h"
#include "policy/result.h"
#include "policy/workload.h"

namespace ballast::k8s {

// One operation of RFC 6902.
struct PatchOperation {
  std::string op;        // add, replace or remove
  std::string path;      // JSON pointer
  nlohmann::json value;  // of add and replace

  bool operator==(const PatchOperation&) const = default;
};
using Patch = std::vector<PatchOperation>;

// What becomes of an object of a known kind in a version that is not known: admitted with a
// warning, or refused.
enum class UnknownKindVersion { kWarn, kReject };

// Named options that decide what an unset or unknown version means.
struct ReadOptions {
  policy::SparkVersion unset_version = policy::kNewestSpark;  // --spark-version
  std::optional<policy::SparkVersion>
      operator_version;  // --operator-spark-version; else the application's
  policy::UnknownVersion unknown_version =
      policy::UnknownVersion::kAsNearest;                               // --on-unknown-version
  UnknownKindVersion unknown_kind_version = UnknownKindVersion::kWarn;  // --on-unknown-kind-version
};

// How the settings that a patch touches are read again without the rest of the object, which proves
// most patches at a fraction of the price.
struct TouchedSettings {
  // The settings that these operations can change; nullopt where they can change other parts of a
  // workload than its settings.
  std::optional<std::vector<std::string>> (*named)(const Patch& patch);

  // What normalise would read of these settings, and of others that stand outside the object's maps
  // of settings.
  policy::Result<policy::SparkConf> (*read)(JsonView object, const ReadOptions& options,
                                            const std::vector<std::string>& keys);
};

struct Kind {
  std::string_view group;
  std::span<const std::string_view> versions;
  std::string_view kind;

  // Reads the object as Spark will get it, but for Workload::sizes (see policy::Derive). An error
  // names a JSON pointer and the remedy.
  policy::Result<policy::Workload> (*normalise)(JsonView object, const ReadOptions& options);

  // The JSON pointer where the setting with this key is written in this object, or would be.
  std::string (*path_of)(JsonView object, std::string_view key);

  // The operations that turn this object's numbers into `after`'s; `before` is what normalise gave.
  Patch (*render)(JsonView object, const policy::Workload& before, const policy::Workload& after);

  // Whether a patch may ever touch the value at this path (design: only a fixed list of JSON paths
  // can be patched).
  bool (*may_patch)(std::string_view path);
  // Objects that a patch may make where there is none, to hold such values.
  std::span<const std::string_view> may_make;
  // Which fields there may be; empty: anything may be a field, as far as is known.
  std::span<const FieldNames> names = {};

  const TouchedSettings* touched = nullptr;  // null: every proof reads the whole object again

  // The kind's table, where it has one.
  std::span<const Field> (*fields)() = nullptr;
  // Which objects of this name are meant (a ConfigMap may hold anything); null: all are.
  bool (*is_one)(JsonView object) = nullptr;
  // The JSON pointer of the text that holds all settings, where they are lines of a Java properties
  // file and not values of their own. A record of what was changed then names a setting as if it
  // were a member of that text.
  std::string_view settings_text = {};

  // Made by a submission on its way to running, not by who asks for an application: judged where it
  // is created, and never afterwards.
  bool of_submission() const { return group.empty(); }
};

std::span<const Kind* const> AllKinds();
// As the API server's paths call it: "sparkapplications".
std::string PluralOf(const Kind& kind);
// nullptr for what Ballast does not judge. Pods and ConfigMaps are found with their object alone:
// few of them are Spark's.
const Kind* FindKind(std::string_view api_version, std::string_view kind, JsonView object = {});
// Of an object that says itself what it is.
const Kind* FindKind(JsonView object);

}  // namespace ballast::k8s
