// What the two roles of a SparkApplication say about their pods besides sizes: sidecars, GPUs,
// where they may run, which volumes each claims.
#pragma once

#include <string>
#include <string_view>

#include "k8s/json_view.h"
#include "k8s/kinds/field.h"
#include "policy/spark_conf.h"
#include "policy/workload.h"

namespace ballast::k8s {

// The parts of /spec/driver or /spec/executor that are not in the table of numbers.
struct ApplicationRole {
  std::string_view name;             // "driver"
  std::string pointer;               // "/spec/driver"
  std::string_view spark_container;  // the name of Spark's own container
  JsonView pod_template = {};
  JsonView gpu = {};
  JsonView sidecars = {};
  JsonView init_containers = {};
  JsonView affinity = {};
  JsonView tolerations = {};
  JsonView node_selector = {};
  JsonView volume_mounts = {};
  JsonView priority_class = {};

  // Keeps the member if it is one of these.
  void Take(std::string_view member, JsonView value);
};

// Whether the functions below read this setting.
bool ShapesPods(std::string_view key);

// The pod as spark-submit makes it from template and settings, and as the operator's webhook then
// completes it from the fields.
policy::PodExtras ReadRoleExtras(const ApplicationRole& role, const policy::SparkConf& conf,
                                 Mistake& mistake);
// `spec_node_selector` is /spec/nodeSelector, which the operator hands to Spark as settings.
policy::Placement ReadRolePlacement(const ApplicationRole& role, JsonView spec_node_selector,
                                    const policy::SparkConf& conf, Mistake& mistake);
// Persistent volume claims that are made for each executor, in settings, in /spec/volumes and in
// the pod template.
int64_t CountClaimsPerExecutor(const ApplicationRole& executor, JsonView volumes,
                               const policy::SparkConf& conf);

}  // namespace ballast::k8s
