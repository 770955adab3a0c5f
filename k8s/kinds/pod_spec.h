// What a pod holds besides Spark's own container, and where it may run: read from a pod spec, or
// from an operator's fields that end up in one.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/json_view.h"
#include "k8s/kinds/field.h"
#include "policy/workload.h"

namespace ballast::k8s {

// Sums containers in the order in which the pod lists them.
class PodContainers {
 public:
  explicit PodContainers(Mistake& mistake) : mistake_(mistake) {}

  // The containers of a pod template. The one of this name is Spark's, else the first, as Spark
  // takes it.
  void AddTemplate(JsonView containers, const std::string& pointer, std::string_view spark_name);
  // Containers beside Spark's; one that is already there (same name and image) is left out.
  void AddSidecars(JsonView containers, const std::string& pointer);
  void AddInitContainers(JsonView containers, const std::string& pointer);
  // An extended resource of Spark's container, written at `pointer`; replaces what was there under
  // this name. More than a pod ever has are a mistake.
  void SetExtended(std::string_view name, int64_t quantity, const std::string& pointer);

  policy::PodExtras Extras() const;
  // What Spark's own container asks for.
  policy::GivenPod ReadGiven();
  JsonView spark_container() const { return spark_container_; }

 private:
  struct Seen {
    std::string_view name, image;
    bool init = false;
    auto operator<=>(const Seen&) const = default;
  };
  bool Remember(JsonView container, bool init);
  // Adds a container beside Spark's to those that quotas look at, and gives what it requests.
  const policy::SideContainer& Keep(JsonView container, const std::string& pointer, bool init);
  void AddInit(JsonView container, const std::string& pointer);
  void ReadSparkContainer(JsonView container, const std::string& pointer);

  Mistake& mistake_;
  std::set<Seen> seen_;
  policy::PodExtras extras_;
  JsonView spark_container_;
  std::string spark_pointer_;
  policy::ByteSize restartable_memory_;  // of restartable init containers so far
  policy::MilliCpu restartable_cpu_;
};

// A quantity as JSON holds it: text, or a number.
std::string QuantityText(JsonView quantity);

// What a namespace's quotas look at besides sizes: priority class, deadline, affinity to pods of
// other namespaces. `affinity` is the one that counts, which need not be the pod spec's.
void ReadQuotaScopes(JsonView pod_spec, JsonView affinity, policy::PodExtras& extras);

// A map of texts, each mistake named; `add` is called with every pair.
void ReadLabels(JsonView map, const std::string& pointer, policy::Labels& labels, Mistake& mistake);
void ReadTolerations(JsonView list, const std::string& pointer,
                     std::vector<policy::Toleration>& tolerations, Mistake& mistake);
// What is required, not what is preferred. What is not about a node's labels makes the placement
// not understood.
void ReadAffinity(JsonView affinity, const std::string& pointer, policy::Placement& placement,
                  Mistake& mistake);
// Node selector, node name, tolerations and topology spread of a pod spec, without its affinity,
// which an operator's own may replace.
void ReadPlacement(JsonView pod_spec, const std::string& pointer, policy::Placement& placement,
                   Mistake& mistake);

}  // namespace ballast::k8s
