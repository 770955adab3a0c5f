// Which classes of nodes were there in the last 24 hours, so that draining a pool, losing a zone or
// replacing nodes one by one does not re-shape jobs. The time is a value. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "policy/capacity.h"

namespace ballast::k8s {

class ClassHistory {
 public:
  // Takes what is there at a time (Unix seconds) and gives what counts then. The classes of the
  // last 24 hours (25 at most: it counts by the hour) are all there. Of each, as many nodes count
  // as were there at once, but of all together never more than were there at once (and one at least
  // of each): nodes that are replaced do not count twice.
  policy::ClusterCapacity Count(policy::ClusterCapacity now_there, int64_t now_seconds);

 private:
  // The most at once, by the hour.
  class Peak {
   public:
    void Note(int64_t count, int64_t hour);
    void Advance(int64_t hour);
    void Join(const Peak& other);
    int64_t most() const;

   private:
    std::array<int64_t, 25> by_hour_{};
    int64_t hour_ = 0;
  };
  struct Past {
    policy::NodeClass node;  // its counts are those of now
    Peak peak;
  };

  void LeaveOut(const std::vector<std::string>& labels);
  void Note(const policy::ClusterCapacity& now_there, int64_t hour);

  std::vector<Past> classes_;
  std::vector<std::string> per_node_labels_;
  Peak all_;
};

}  // namespace ballast::k8s
