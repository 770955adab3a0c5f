// The live cluster's nodes and namespaces, followed into what requests are judged by.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "k8s/api/config.h"
#include "k8s/live/live_view.h"
#include "webhook/server/live_snapshot.h"
#include "webhook/server/log.h"
#include "webhook/server/metrics.h"

namespace ballast::webhook {

struct ClusterViewOptions {
  k8s::ApiConfig api;
  k8s::LiveViewOptions view;
};

class ClusterView {
 public:
  // All three outlive it.
  ClusterView(ClusterViewOptions options, LiveSnapshot& snapshot, Metrics& metrics, Log& log);
  ~ClusterView();
  ClusterView(const ClusterView&) = delete;
  ClusterView& operator=(const ClusterView&) = delete;

  void Start();
  k8s::LiveViewState state() const;
  // Why requests cannot be judged by the cluster yet; empty: they can.
  std::string WhyUnknown() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast::webhook
