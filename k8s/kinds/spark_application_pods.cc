#include "k8s/kinds/spark_application_pods.h"

#include <algorithm>
#include <set>
#include <utility>

#include "k8s/kinds/pod_spec.h"
#include "policy/quantity.h"

namespace ballast::k8s {
namespace {

constexpr std::string_view kNodeSelector = "spark.kubernetes.node.selector.";
constexpr std::string_view kVolumeClaims =
    "spark.kubernetes.executor.volumes.persistentVolumeClaim.";

// spark.executor.resource.gpu.{amount,vendor} become a limit "vendor/gpu" of Spark's container.
void ReadConfResources(const ApplicationRole& role, const policy::SparkConf& conf,
                       PodContainers& containers) {
  const std::string prefix = "spark." + std::string(role.name) + ".resource.";
  conf.ForEachWithPrefix(prefix, [&](std::string_view key, std::string_view amount) {
    constexpr std::string_view kAmount = ".amount";
    if (!key.ends_with(kAmount)) return;
    const std::string_view name =
        key.substr(prefix.size(), key.size() - kAmount.size() - prefix.size());
    const auto vendor = conf.Get(prefix + std::string(name) + ".vendor");
    const auto count = policy::ParseCountQuantity(amount);
    // Without a vendor, or with an amount that is no number, Spark refuses by itself.
    if (vendor && count.ok() && *count > 0) {
      containers.SetExtended(std::string(*vendor) + "/" + std::string(name), *count,
                             "/spec/sparkConf");
    }
  });
}

void ReadGpu(const ApplicationRole& role, PodContainers& containers, Mistake& mistake) {
  if (!role.gpu.exists() || role.gpu.is_null()) return;
  const std::string pointer = role.pointer + "/gpu";
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

}  // namespace

void ApplicationRole::Take(std::string_view member, JsonView value) {
  struct Part {
    std::string_view name;
    JsonView ApplicationRole::*view;
  };
  static constexpr Part kParts[] = {
      {"template", &ApplicationRole::pod_template},
      {"gpu", &ApplicationRole::gpu},
      {"sidecars", &ApplicationRole::sidecars},
      {"initContainers", &ApplicationRole::init_containers},
      {"affinity", &ApplicationRole::affinity},
      {"tolerations", &ApplicationRole::tolerations},
      {"nodeSelector", &ApplicationRole::node_selector},
      {"volumeMounts", &ApplicationRole::volume_mounts},
      {"priorityClassName", &ApplicationRole::priority_class},
  };
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

policy::PodExtras ReadRoleExtras(const ApplicationRole& role, const policy::SparkConf& conf,
                                 Mistake& mistake) {
  PodContainers containers(mistake);
  if (role.pod_template.exists()) {
    const JsonView spec = role.pod_template["spec"];
    const std::string pointer = role.pointer + "/template/spec";
    containers.AddTemplate(spec["containers"], pointer + "/containers", role.spark_container);
    containers.AddInitContainers(spec["initContainers"], pointer + "/initContainers");
  }
  containers.AddInitContainers(role.init_containers, role.pointer + "/initContainers");
  containers.AddSidecars(role.sidecars, role.pointer + "/sidecars");
  ReadConfResources(role, conf, containers);
  ReadGpu(role, containers, mistake);
  policy::PodExtras extras = containers.Extras();
  const JsonView spec = role.pod_template["spec"];
  const bool own = role.affinity.exists() && !role.affinity.is_null();
  ReadQuotaScopes(spec, own ? role.affinity : spec["affinity"], extras);
  if (const auto named = role.priority_class.string()) extras.priority_class = *named;
  return extras;
}

policy::Placement ReadRolePlacement(const ApplicationRole& role, JsonView spec_node_selector,
                                    const policy::SparkConf& conf, Mistake& mistake) {
  policy::Placement placement;
  const JsonView spec = role.pod_template["spec"];
  if (spec.exists()) ReadPlacement(spec, role.pointer + "/template/spec", placement, mistake);
  const auto add_settings = [&](std::string_view prefix) {
    conf.ForEachWithPrefix(prefix, [&](std::string_view key, std::string_view value) {
      placement.node_selector.insert_or_assign(std::string(key.substr(prefix.size())),
                                               std::string(value));
    });
  };
  add_settings(kNodeSelector);
  ReadLabels(spec_node_selector, "/spec/nodeSelector", placement.node_selector, mistake);
  add_settings("spark.kubernetes." + std::string(role.name) + ".node.selector.");
  ReadLabels(role.node_selector, role.pointer + "/nodeSelector", placement.node_selector, mistake);
  ReadTolerations(role.tolerations, role.pointer + "/tolerations", placement.tolerations, mistake);
  // The operator's affinity replaces the template's as a whole.
  if (role.affinity.exists() && !role.affinity.is_null()) {
    ReadAffinity(role.affinity, role.pointer + "/affinity", placement, mistake);
  } else if (spec.exists()) {
    ReadAffinity(spec["affinity"], role.pointer + "/template/spec/affinity", placement, mistake);
  }
  return placement;
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
