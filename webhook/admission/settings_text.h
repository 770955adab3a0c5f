// Objects whose settings are lines of one text (a driver's ConfigMap): opened, each setting is a
// member, so that a record names settings there as it names fields elsewhere.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "policy/workload.h"
#include "webhook/admission/record.h"

namespace ballast::webhook {

// Whether the path is that of a setting in the kind's text.
bool IsSettingInText(const k8s::Kind& kind, std::string_view path);

// A copy of the object with its text as an object of settings; as it is where the kind has no such
// text, or where that cannot be read.
nlohmann::json Opened(const k8s::Kind& kind, k8s::JsonView object);

// The object whose text says, of every recorded setting, what `opened` says; every other line of it
// stays byte for byte. `opened` itself where the kind has no such text.
nlohmann::json Closed(const k8s::Kind& kind, k8s::JsonView object, nlohmann::json opened,
                      const Record& record);

// The record of the changes between two readings of such an object.
Record MakeSettingsRecord(const k8s::Kind& kind, const policy::SparkConf& before,
                          const policy::SparkConf& after, uint64_t asked);

}  // namespace ballast::webhook
