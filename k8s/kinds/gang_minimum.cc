#include "k8s/kinds/gang_minimum.h"

#include <algorithm>
#include <array>

namespace ballast::k8s {
namespace {

constexpr std::string_view kTaskGroups = "yunikorn.apache.org/task-groups";
constexpr std::array<std::string_view, 5> kKeys = {
    kTaskGroups,
    "scheduling.k8s.io/group-name",          // Volcano's PodGroup
    "scheduling.x-k8s.io/pod-group",         // that of the scheduler plugins
    "pod-group.scheduling.sigs.k8s.io",      // as older ones have it
    "kueue.x-k8s.io/pod-group-total-count",  // Kueue's
};

// Spark's own Volcano step takes the PodGroup from a file.
constexpr std::string_view kTemplateFile =
    "spark.kubernetes.scheduler.volcano.podGroupTemplateFile";

constexpr std::array<std::string_view, 4> kPrefixes = {
    "spark.kubernetes.driver.annotation.", "spark.kubernetes.driver.label.",
    "spark.kubernetes.executor.annotation.", "spark.kubernetes.executor.label."};

}  // namespace

bool GangMinimum::Counts(std::string_view key) const {
  if (key == kTaskGroups) return task_groups_count_;
  return std::ranges::find(kKeys, key) != kKeys.end();
}

void GangMinimum::Found(std::string_view key, const std::string& pointer) {
  if (text_.empty()) text_ = std::string(key) + " in " + pointer;
}

void GangMinimum::LookIn(JsonView labels_or_annotations, const std::string& pointer) {
  labels_or_annotations.ForEachMember([&](std::string_view key, JsonView) {
    if (Counts(key)) Found(key, pointer);
  });
}

void GangMinimum::LookInTemplate(JsonView pod_template, const std::string& pointer) {
  const JsonView metadata = pod_template["metadata"];
  if (!metadata.exists()) return;
  LookIn(metadata["annotations"], pointer + "/metadata/annotations");
  LookIn(metadata["labels"], pointer + "/metadata/labels");
}

void GangMinimum::LookInSettings(const policy::SparkConf& conf, const std::string& pointer) {
  for (const std::string_view prefix : kPrefixes) {
    conf.ForEachWithPrefix(prefix, [&](std::string_view key, std::string_view) {
      if (Counts(key.substr(prefix.size()))) Found(key, pointer);
    });
  }
  if (conf.Has(kTemplateFile)) Found(kTemplateFile, pointer);
}

void GangMinimum::LookAtResources(JsonView resources, const std::string& pointer) {
  bool any = false;
  resources.ForEachMember([&](std::string_view, JsonView) { any = true; });
  if (any && text_.empty()) text_ = pointer;
}

}  // namespace ballast::k8s
