#include "k8s/kinds/object_head.h"

#include <string>

#include "k8s/kinds/pod_spec.h"
#include "policy/spark_version.h"

namespace ballast::k8s {
namespace {

void ReadMetadata(JsonView metadata, policy::Workload& workload, Mistake& mistake) {
  policy::ResourceRef& resource = workload.resource;
  std::string_view generated;
  metadata.ForEachMember([&](std::string_view name, JsonView value) {
    if (name == "name") resource.name = ReadText(value, "/metadata/name", mistake).value_or("");
    if (name == "generateName") {
      generated = ReadText(value, "/metadata/generateName", mistake).value_or("");
    }
    if (name == "labels") ReadLabels(value, "/metadata/labels", workload.labels, mistake);
    if (name == "namespace") {
      const std::string_view text = ReadText(value, "/metadata/namespace", mistake).value_or("");
      if (!text.empty()) resource.namespace_name = text;
    }
  });
  if (resource.name.empty()) resource.name = generated;
}

}  // namespace

void ReadHead(JsonView object, policy::Workload& workload, Mistake& mistake) {
  object.ForEachMember([&](std::string_view name, JsonView value) {
    if (name == "metadata") ReadMetadata(value, workload, mistake);
    if (name == "apiVersion") workload.resource.api_version = value.string().value_or("");
    if (name == "kind") workload.resource.kind = value.string().value_or("");
  });
}

void ReadVersions(std::string_view written, const ReadOptions& options,
                  policy::Workload& workload) {
  workload.spark_version_text = written;
  const auto parsed = policy::ParseSparkVersion(written);
  workload.version_known = parsed.ok();
  policy::SparkVersions& versions = workload.versions;
  versions.runtime = policy::NearestKnown(parsed.ok() ? *parsed : options.unset_version);
  versions.submit =
      options.operator_version ? policy::NearestKnown(*options.operator_version) : versions.runtime;
  // A text that is no version is none of the known ones either.
  if (!written.empty() && (!parsed.ok() || versions.runtime != *parsed)) {
    workload.unknown_version = options.unknown_version;
  }
}

std::optional<std::string_view> ReadText(JsonView value, std::string_view pointer,
                                         Mistake& mistake) {
  if (!value.exists() || value.is_null()) return std::nullopt;
  const auto text = value.string();
  if (!text) {
    MustBeText(std::string(pointer), pointer.substr(pointer.rfind('/') + 1), value, mistake);
  }
  return text;
}

bool IsObject(JsonView value, std::string_view pointer, Mistake& mistake) {
  if (!value.exists() || value.is_null()) return false;
  if (!value.is_object()) {
    mistake.Add(std::string(pointer), "must be an object, not " + Quoted(value));
  }
  return value.is_object();
}

}  // namespace ballast::k8s
