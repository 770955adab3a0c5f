// Writes recommended settings into a manifest, never beyond what the policy admits.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/manifest.h"
#include "policy/result.h"
#include "webhook/admission/admit.h"

namespace ballast::webhook {

// A setting that somebody recommends, in Spark's spelling.
struct SettingWish {
  std::string key;
  std::string value;
  std::string why;
  // What the run had that the wish comes from (empty: it was unset). A manifest that has more
  // already than is wished for more, or less than for less, keeps what it has. nullopt: no run.
  std::optional<std::string> run_value = {};
};

// What became of a wish.
struct GrantedSetting {
  std::string key;
  std::string from;  // in the manifest; empty: unset
  std::string wanted;
  std::string got;     // empty: unset
  std::string why;     // the wish's own reason
  std::string traded;  // why `got` is not what was wanted; empty: it is
  std::string kept;    // why the wish is nothing for this manifest; empty: it is something
};

struct RecommendedManifest {
  nlohmann::json object;  // admitted as it is, without a rewrite
  std::vector<GrantedSetting> settings;
  std::vector<std::string> rewrites;  // what the policy changed besides, a finding each
};

// The wishes are written where the manifest's kind keeps them, and the whole is judged. What the
// policy rewrites is taken as it rewrites it. Where it rejects, the wishes are granted one by one,
// in their order: a size as far as it is admitted, another value whole or not at all. An error:
// the document is no Spark object, cannot be read, or is rejected whatever is granted.
policy::Result<RecommendedManifest> ApplySettings(const k8s::ManifestDocument& document,
                                                  std::span<const SettingWish> wishes,
                                                  const Snapshot& snapshot,
                                                  std::string_view namespace_name,
                                                  int64_t now_seconds);

// The manifest as YAML, under comments that say what was changed and what was traded.
std::string PrintRecommended(const RecommendedManifest& manifest);

}  // namespace ballast::webhook
