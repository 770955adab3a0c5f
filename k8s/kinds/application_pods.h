// What the two roles of an application say about their pods besides sizes: sidecars, GPUs, where
// they may run, which volumes each claims.
#pragma once

#include <string>
#include <string_view>

#include "k8s/json_view.h"
#include "k8s/kinds/application_layout.h"
#include "k8s/kinds/field.h"
#include "policy/spark_conf.h"
#include "policy/workload.h"

namespace ballast::k8s {

// The parts of a role's object that are not in the table of numbers.
struct ApplicationRole {
  const RoleLayout& layout;
  JsonView pod_template = {};
  JsonView gpu = {};
  JsonView sidecars = {};
  JsonView init_containers = {};
  JsonView affinity = {};
  JsonView tolerations = {};
  JsonView node_selector = {};
  JsonView volume_mounts = {};
  JsonView priority_class = {};
  JsonView annotations = {};
  JsonView labels = {};

  // Keeps the member if it is one of these.
  void Take(std::string_view member, JsonView value);
};

// Whether the functions below read this setting.
bool ShapesPods(std::string_view key);

// The pod as spark-submit makes it from template and settings, and as the operator's webhook then
// completes it from the fields.
// `conf_pointer` is where the settings stand.
policy::PodExtras ReadRoleExtras(const ApplicationRole& role, const std::string& conf_pointer,
                                 const policy::SparkConf& conf, Mistake& mistake);
// `spec_node_selector` is the member of the spec at `spec_pointer`, which the operator hands to
// Spark as settings.
policy::Placement ReadRolePlacement(const ApplicationRole& role, JsonView spec_node_selector,
                                    const std::string& spec_pointer, const policy::SparkConf& conf,
                                    Mistake& mistake);
// What the pod template asks for, where Spark does not size the pod.
policy::GivenPod ReadGivenPod(const ApplicationRole& role, const policy::SparkConf& conf,
                              Mistake& mistake);
// Where sizes of a gang are written in the object, in words; empty: nowhere.
std::string FindGangMinimum(const ApplicationLayout& layout, JsonView spec,
                            const ApplicationRole& driver, const ApplicationRole& executor,
                            const policy::SparkConf& conf);
// Persistent volume claims that are made for each executor, in settings, in the spec's volumes and
// in the pod template.
int64_t CountClaimsPerExecutor(const ApplicationRole& executor, JsonView volumes,
                               const policy::SparkConf& conf);

}  // namespace ballast::k8s
