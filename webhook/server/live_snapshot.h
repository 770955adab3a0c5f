// What requests are judged by just now: policies and cluster from their files. A file that is good
// replaces what was there; one that is bad is reported and changes nothing. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "policy/result.h"
#include "webhook/admission/admit.h"

namespace ballast::webhook {

class LiveSnapshot {
 public:
  // Everything that no file says; its policies are the built-in one alone.
  explicit LiveSnapshot(Snapshot base);

  // All mistakes of the file; none: it is in use now.
  std::vector<policy::Error> LoadPolicy(const std::string& file);
  std::vector<policy::Error> LoadCluster(const std::string& file);

  std::shared_ptr<const Snapshot> Current() const;

 private:
  template <typename Change>
  void Replace(Change&& change);

  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> current_;
};

}  // namespace ballast::webhook
