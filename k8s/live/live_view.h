// The cluster as it is now: nodes (less what DaemonSets take), and what namespaces allow. Follows
// the API server with one watch a kind, and hands on a new value when something that matters has
// changed, never more often than told. Losing the API server changes nothing but the view's age.
//
// Costs: nothing on the threads that judge. A heartbeat is read and compared, no more.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "k8s/api/client.h"
#include "k8s/api/reflector.h"
#include "policy/capacity.h"
#include "policy/namespace_state.h"

namespace ballast::k8s {

// The first three are called on one thread of the view's own, one at a time.
struct LiveViewSinks {
  std::function<void(policy::ClusterCapacity)> capacity;
  std::function<void(std::shared_ptr<const policy::NamespaceStates>)> namespaces;
  // The API server was last heard at this time (Unix seconds), longer ago than stale_after;
  // nullopt: it is heard again.
  std::function<void(std::optional<int64_t> heard)> stale;
  // On a watch's thread. `resource` is the plural: "nodes".
  std::function<void(std::string_view resource, const std::string& what,
                     std::chrono::milliseconds retry_in)>
      failed;
};

struct LiveViewOptions {
  ReflectorOptions reflector;
  // From one new value to the next, at least.
  std::chrono::milliseconds capacity_gap{1000};
  std::chrono::milliseconds namespaces_gap{250};
  std::chrono::seconds stale_after{300};
};

struct LiveViewState {
  bool nodes_listed = false;       // all nodes that there are were handed on
  bool namespaces_listed = false;  //
  int64_t heard = 0;               // Unix seconds, the longest ago of all watches; 0: not yet
  size_t nodes = 0;
  uint64_t capacities = 0;  // values handed on so far
  uint64_t failures = 0;    // of all watches
  std::string last_error;   // of a watch that does not go well now; empty: all do
};

class LiveView {
 public:
  // The client outlives the view.
  LiveView(ApiClient& client, LiveViewSinks sinks, LiveViewOptions options = {});
  ~LiveView();  // ends all watches at once
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;

  void Start();  // once; returns at once, whatever the API server does
  LiveViewState state() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The same capacity, read once: for commands. DaemonSets that may not be listed are left out.
ApiResult<policy::ClusterCapacity> LoadCapacity(ApiClient& client);

}  // namespace ballast::k8s
