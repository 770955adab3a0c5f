// What DaemonSets take of every node that they run on. Computed from their templates, as the
// cluster autoscaler does for nodes that do not exist yet: a few dozen objects say what a hundred
// thousand pods would. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "k8s/json_view.h"
#include "policy/capacity.h"
#include "policy/units.h"
#include "policy/workload.h"

namespace ballast::k8s {

// One DaemonSet: what a pod of it requests, and where it runs.
struct DaemonLoad {
  policy::ByteSize memory;
  policy::MilliCpu cpu;
  policy::Placement placement;

  bool operator==(const DaemonLoad&) const = default;
};
// A request that cannot be read counts as none.
DaemonLoad ReadDaemonSet(JsonView daemon_set);

class DaemonSets {
 public:
  void ListBegins() { ++generation_; }
  bool ListEnds();
  // True: it is other than before.
  bool Put(JsonView daemon_set);
  bool Removed(JsonView daemon_set);

  // Takes from the room of every class what the DaemonSets that run on it request, and one pod of
  // each.
  void TakeFrom(policy::ClusterCapacity& capacity) const;

 private:
  struct Entry {
    DaemonLoad load;
    uint64_t generation = 0;
  };
  std::map<std::pair<std::string, std::string>, Entry> sets_;  // namespace, name
  uint64_t generation_ = 0;
};

}  // namespace ballast::k8s
