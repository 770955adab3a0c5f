// Sizes that a user wrote down for a gang scheduler: how many pods start together, and how large
// they are. Whoever changes the executors makes them wrong.
//
// YuniKorn reads task groups of the first pod's annotations, Volcano and the scheduler plugins a
// PodGroup that pods name, Kueue a count of the group's pods. What an operator computes of the
// object by itself (batchScheduler, Kueue's queue-name) follows every change and is no concern.
//
// Source: yunikorn-k8shim's constants, volcano's scheduling/v1beta1, scheduler-plugins, Kueue's pod
// groups; the kubeflow operator's internal/scheduler, which writes task groups over the user's
// where batchScheduler is yunikorn, and takes batchSchedulerOptions.resources for Volcano's.
#pragma once

#include <string>
#include <string_view>

#include "k8s/json_view.h"
#include "policy/spark_conf.h"

namespace ballast::k8s {

// Where sizes of a gang stand, in words ("yunikorn.apache.org/task-groups in
// /spec/driver/annotations"); the first place that was found counts.
class GangMinimum {
 public:
  // `task_groups_count`: false where an operator writes them anew.
  explicit GangMinimum(bool task_groups_count = true) : task_groups_count_(task_groups_count) {}

  void LookIn(JsonView labels_or_annotations, const std::string& pointer);
  void LookInTemplate(JsonView pod_template, const std::string& pointer);
  // Of the settings that label and annotate both roles' pods.
  void LookInSettings(const policy::SparkConf& conf, const std::string& pointer);
  // Of the object's own field, where it holds something.
  void LookAtResources(JsonView resources, const std::string& pointer);

  const std::string& text() const { return text_; }

 private:
  bool Counts(std::string_view key) const;
  void Found(std::string_view key, const std::string& pointer);

  bool task_groups_count_;
  std::string text_;
};

}  // namespace ballast::k8s
