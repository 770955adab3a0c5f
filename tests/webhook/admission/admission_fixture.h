// What the tests of admission share: reviews made from objects, snapshots made from policy YAML.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "webhook/admission/admit.h"

namespace ballast::webhook {

inline constexpr int64_t kNow = 1'790'000'000;  // 2026-09-21

// A request whose views stand on these objects, which must outlive it.
AdmissionRequest Create(const nlohmann::json& object);
AdmissionRequest Update(const nlohmann::json& object, const nlohmann::json& old_object);

// The policies of the YAML text; a text with mistakes fails the test.
Snapshot SnapshotOf(const std::string& policy_yaml);

// The object after the answer's patch.
nlohmann::json Patched(const nlohmann::json& object, const AdmissionAnswer& answer);

// A SparkApplication with this spec.
nlohmann::json Application(const char* spec);

// `spec` without objects that hold nothing: what Ballast made to hold a value may stay, empty.
nlohmann::json WithoutEmpty(nlohmann::json value);

}  // namespace ballast::webhook
