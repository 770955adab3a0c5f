#include "k8s/kinds/application_pods.h"

#include <algorithm>
#include <set>
#include <utility>

#include "k8s/kinds/gang_minimum.h"
#include "k8s/kinds/pod_spec.h"
#include "policy/quantity.h"

namespace ballast::k8s {
namespace {

constexpr std::string_view kNodeSelector = "spark.kubernetes.node.selector.";
constexpr std::string_view kVolumeClaims =
    "spark.kubernetes.executor.volumes.persistentVolumeClaim.";

// spark.executor.resource.gpu.{amount,vendor} become a limit "vendor/gpu" of Spark's container.
void ReadConfResources(const ApplicationRole& role, const std::string& conf_pointer,
                       const policy::SparkConf& conf, PodContainers& containers) {
  const std::string prefix = "spark." + std::string(role.layout.name) + ".resource.";
  conf.ForEachWithPrefix(prefix, [&](std::string_view key, std::string_view amount) {
    constexpr std::string_view kAmount = ".amount";
    if (!key.ends_with(kAmount)) return;
    const std::string_view name =
        key.substr(prefix.size(), key.size() - kAmount.size() - prefix.size());
    const auto vendor = conf.Get(prefix + std::string(name) + ".vendor");
    const auto count = policy::ParseCountQuantity(amount);
    // Without a vendor, or with an amount that is no number, Spark refuses by itself.
    if (vendor && count.ok() && *count > 0) {
      containers.SetExtended(std::string(*vendor) + "/" + std::string(name), *count, conf_pointer);
    }
  });
}

void ReadGpu(const ApplicationRole& role, PodContainers& containers, Mistake& mistake) {
  if (!role.gpu.exists() || role.gpu.is_null()) return;
  const std::string pointer = role.layout.pointer + "/gpu";
  if (!role.gpu.is_object()) {
    mistake.Add(pointer, "must be an object with name and quantity, not " + Quoted(role.gpu));
    return;
  }
  const auto name = role.gpu["name"].string();
  const JsonView quantity = role.gpu["quantity"];
  if (!name) MustBeText(pointer + "/name", "name", role.gpu["name"], mistake);
  const auto count = quantity.whole();
  if (!count) mistake.Add(pointer + "/quantity", "must be a whole number, not " + Quoted(quantity));
  // The operator ignores a GPU without a name and one of no quantity.
  if (!name || name->empty() || count.value_or(0) <= 0) return;
  containers.SetExtended(*name, *count, pointer);
}

// The pod template's spec.
JsonView TemplateSpec(const ApplicationRole& role) { return role.pod_template["spec"]; }

std::string TemplatePointer(const ApplicationRole& role) {
  return role.layout.pointer + "/" + std::string(role.layout.pod_template) + "/spec";
}

// Spark's container in the pod template; a setting may name it.
std::string_view SparkContainer(const ApplicationRole& role, const policy::SparkConf& conf) {
  if (!role.layout.spark_container.empty()) return role.layout.spark_container;
  return conf.Get("spark.kubernetes." + std::string(role.layout.name) + ".podTemplateContainerName")
      .value_or("");
}

}  // namespace

void ApplicationRole::Take(std::string_view member, JsonView value) {
  struct Part {
    std::string_view name;
    JsonView ApplicationRole::*view;
  };
  static constexpr Part kParts[] = {
      {"gpu", &ApplicationRole::gpu},
      {"sidecars", &ApplicationRole::sidecars},
      {"initContainers", &ApplicationRole::init_containers},
      {"affinity", &ApplicationRole::affinity},
      {"tolerations", &ApplicationRole::tolerations},
      {"nodeSelector", &ApplicationRole::node_selector},
      {"volumeMounts", &ApplicationRole::volume_mounts},
      {"priorityClassName", &ApplicationRole::priority_class},
      {"annotations", &ApplicationRole::annotations},
      {"labels", &ApplicationRole::labels},
  };
  if (member == layout.pod_template) pod_template = value;
  if (!layout.has_pod_fields) return;
  for (const Part& part : kParts) {
    if (part.name == member) this->*part.view = value;
  }
}

bool ShapesPods(std::string_view key) {
  constexpr std::string_view kPrefixes[] = {
      "spark.driver.resource.",
      "spark.executor.resource.",
      "spark.kubernetes.driver.node.selector.",
      "spark.kubernetes.executor.node.selector.",
      kNodeSelector,
      kVolumeClaims,
  };
  return std::ranges::any_of(kPrefixes,
                             [&](std::string_view prefix) { return key.starts_with(prefix); });
}

policy::PodExtras ReadRoleExtras(const ApplicationRole& role, const std::string& conf_pointer,
                                 const policy::SparkConf& conf, Mistake& mistake) {
  const std::string& pointer = role.layout.pointer;
  const JsonView spec = TemplateSpec(role);
  PodContainers containers(mistake);
  if (role.pod_template.exists()) {
    const std::string at = TemplatePointer(role);
    containers.AddTemplate(spec["containers"], at + "/containers", SparkContainer(role, conf));
    containers.AddInitContainers(spec["initContainers"], at + "/initContainers");
  }
  containers.AddInitContainers(role.init_containers, pointer + "/initContainers");
  containers.AddSidecars(role.sidecars, pointer + "/sidecars");
  ReadConfResources(role, conf_pointer, conf, containers);
  ReadGpu(role, containers, mistake);
  policy::PodExtras extras = containers.Extras();
  const bool own = role.affinity.exists() && !role.affinity.is_null();
  ReadQuotaScopes(spec, own ? role.affinity : spec["affinity"], extras);
  if (const auto named = role.priority_class.string()) extras.priority_class = *named;
  return extras;
}

policy::GivenPod ReadGivenPod(const ApplicationRole& role, const policy::SparkConf& conf,
                              Mistake& mistake) {
  PodContainers containers(mistake);
  containers.AddTemplate(TemplateSpec(role)["containers"], TemplatePointer(role) + "/containers",
                         SparkContainer(role, conf));
  return containers.ReadGiven();
}

policy::Placement ReadRolePlacement(const ApplicationRole& role, JsonView spec_node_selector,
                                    const std::string& spec_pointer, const policy::SparkConf& conf,
                                    Mistake& mistake) {
  policy::Placement placement;
  const std::string& pointer = role.layout.pointer;
  const JsonView spec = TemplateSpec(role);
  // A template in a file that is not here may tolerate anything. Then no taint counts, so that
  // nothing is held to be too large for the nodes that may run it when it is not. An operator with
  // fields for pods names a file of its own, always.
  const std::string file = "spark.kubernetes." + std::string(role.layout.name) + ".podTemplateFile";
  if (!role.pod_template.exists() && !role.layout.has_pod_fields && conf.Has(file)) {
    placement.tolerations.push_back({"", "Exists", "", ""});
  }
  if (spec.exists()) ReadPlacement(spec, TemplatePointer(role), placement, mistake);
  const auto add_settings = [&](std::string_view prefix) {
    conf.ForEachWithPrefix(prefix, [&](std::string_view key, std::string_view value) {
      placement.node_selector.insert_or_assign(std::string(key.substr(prefix.size())),
                                               std::string(value));
    });
  };
  add_settings(kNodeSelector);
  ReadLabels(spec_node_selector, spec_pointer + "/nodeSelector", placement.node_selector, mistake);
  add_settings("spark.kubernetes." + std::string(role.layout.name) + ".node.selector.");
  ReadLabels(role.node_selector, pointer + "/nodeSelector", placement.node_selector, mistake);
  ReadTolerations(role.tolerations, pointer + "/tolerations", placement.tolerations, mistake);
  // The operator's affinity replaces the template's as a whole.
  if (role.affinity.exists() && !role.affinity.is_null()) {
    ReadAffinity(role.affinity, pointer + "/affinity", placement, mistake);
  } else if (spec.exists()) {
    ReadAffinity(spec["affinity"], TemplatePointer(role) + "/affinity", placement, mistake);
  }
  return placement;
}

std::string FindGangMinimum(const ApplicationLayout& layout, JsonView spec,
                            const ApplicationRole& driver, const ApplicationRole& executor,
                            const policy::SparkConf& conf) {
  const std::string_view scheduler =
      layout.parts().has_pod_fields ? spec["batchScheduler"].string().value_or("") : "";
  GangMinimum gang(scheduler != "yunikorn");
  if (!scheduler.empty() && scheduler != "yunikorn") {
    gang.LookAtResources(spec["batchSchedulerOptions"]["resources"],
                         layout.spec() + "/batchSchedulerOptions/resources");
  }
  for (const ApplicationRole* role : {&driver, &executor}) {
    const std::string& pointer = role->layout.pointer;
    gang.LookIn(role->annotations, pointer + "/annotations");
    gang.LookIn(role->labels, pointer + "/labels");
    gang.LookInTemplate(role->pod_template, pointer + "/" + std::string(role->layout.pod_template));
  }
  gang.LookInSettings(conf, layout.conf());
  return gang.text();
}

int64_t CountClaimsPerExecutor(const ApplicationRole& executor, JsonView volumes,
                               const policy::SparkConf& conf) {
  constexpr std::string_view kOnDemand = "OnDemand";
  std::set<std::string_view> claims;
  conf.ForEachWithPrefix(kVolumeClaims, [&](std::string_view key, std::string_view value) {
    if (key.ends_with(".options.claimName") && value.find(kOnDemand) != std::string_view::npos) {
      key.remove_prefix(kVolumeClaims.size());
      claims.insert(key.substr(0, key.find('.')));
    }
  });
  std::set<std::string_view> mounted;
  executor.volume_mounts.ForEachElement([&](JsonView mount) {
    if (const auto name = mount["name"].string()) mounted.insert(*name);
  });
  volumes.ForEachElement([&](JsonView volume) {
    const auto name = volume["name"].string();
    if (!name || !mounted.contains(*name)) return;
    const auto claim = volume["persistentVolumeClaim"]["claimName"].string().value_or("");
    // Only volumes for Spark's scratch space become settings; every other one is mounted as it is.
    const bool made = name->starts_with("spark-local-dir-") && claim == kOnDemand;
    if (made || volume["ephemeral"].is_object()) claims.insert(*name);
  });
  auto count = static_cast<int64_t>(claims.size());
  executor.pod_template["spec"]["volumes"].ForEachElement([&](JsonView volume) {
    if (volume["ephemeral"].is_object()) ++count;
  });
  return count;
}

}  // namespace ballast::k8s
