#include "k8s/live/class_history.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

#include "k8s/node_collector.h"

namespace ballast::k8s {
namespace {

constexpr int64_t kHour = 3600;
// Classes that are no longer there, at most; those of the fewest nodes go first.
constexpr size_t kMostPast = 5000;

struct ByWhatItIs {
  bool operator()(const policy::NodeClass* a, const policy::NodeClass* b) const {
    return RoomierFirst(*a, *b);
  }
};

}  // namespace

void ClassHistory::Peak::Advance(int64_t hour) {
  const auto size = static_cast<int64_t>(by_hour_.size());
  if (hour - hour_ >= size || hour < hour_) by_hour_.fill(0);
  for (int64_t passed = std::max(hour_ + 1, hour - size); passed <= hour; ++passed) {
    by_hour_[static_cast<size_t>(passed % size)] = 0;
  }
  hour_ = hour;
}

void ClassHistory::Peak::Note(int64_t count, int64_t hour) {
  if (hour != hour_) Advance(hour);
  int64_t& peak = by_hour_[static_cast<size_t>(hour % static_cast<int64_t>(by_hour_.size()))];
  peak = std::max(peak, count);
}

void ClassHistory::Peak::Join(const Peak& other) {
  for (size_t i = 0; i < by_hour_.size(); ++i) by_hour_[i] += other.by_hour_[i];
}

int64_t ClassHistory::Peak::most() const {
  return *std::max_element(by_hour_.begin(), by_hour_.end());
}

// These labels now differ from node to node: classes that they told apart become one.
void ClassHistory::LeaveOut(const std::vector<std::string>& labels) {
  if (labels == per_node_labels_) return;
  per_node_labels_ = labels;
  std::vector<Past> joined;
  std::map<const policy::NodeClass*, size_t, ByWhatItIs> places;
  joined.reserve(classes_.size());
  for (Past& past : classes_) {
    for (const std::string& label : labels) past.node.labels.erase(label);
    const auto found = places.find(&past.node);
    if (found != places.end()) {
      joined[found->second].peak.Join(past.peak);
      continue;
    }
    joined.push_back(std::move(past));
    places.emplace(&joined.back().node, joined.size() - 1);
  }
  classes_ = std::move(joined);
}

void ClassHistory::Note(const policy::ClusterCapacity& now_there, int64_t hour) {
  std::map<const policy::NodeClass*, size_t, ByWhatItIs> places;
  for (size_t i = 0; i < classes_.size(); ++i) {
    classes_[i].node.count = classes_[i].node.ready = 0;
    classes_[i].peak.Advance(hour);
    places.emplace(&classes_[i].node, i);
  }
  std::vector<Past> fresh;
  int64_t total = 0;
  for (const policy::NodeClass& node : now_there.classes) {
    total += node.count;
    const auto found = places.find(&node);
    Past& past = found == places.end() ? fresh.emplace_back() : classes_[found->second];
    past.node = node;
    past.peak.Note(node.count, hour);
  }
  std::move(fresh.begin(), fresh.end(), std::back_inserter(classes_));
  all_.Note(total, hour);
}

policy::ClusterCapacity ClassHistory::Count(policy::ClusterCapacity now_there,
                                            int64_t now_seconds) {
  const int64_t hour = now_seconds / kHour;
  // A cluster without nodes says nothing about labels.
  if (now_there.classes.empty()) now_there.per_node_labels = per_node_labels_;
  LeaveOut(now_there.per_node_labels);
  Note(now_there, hour);
  std::erase_if(classes_, [](const Past& past) { return past.peak.most() == 0; });
  const int64_t total =
      std::accumulate(classes_.begin(), classes_.end(), int64_t{0},
                      [](int64_t sum, const Past& past) { return sum + past.node.count; });
  int64_t spare = std::max<int64_t>(0, all_.most() - total);
  // What misses the most nodes has the first claim on those that are not there just now.
  std::stable_sort(classes_.begin(), classes_.end(), [](const Past& a, const Past& b) {
    return a.peak.most() - a.node.count > b.peak.most() - b.node.count;
  });
  size_t gone = 0;
  std::erase_if(classes_,
                [&gone](const Past& past) { return past.node.count == 0 && ++gone > kMostPast; });
  now_there.classes.clear();
  now_there.known = !classes_.empty();
  for (const Past& past : classes_) {
    policy::NodeClass& node = now_there.classes.emplace_back(past.node);
    const int64_t missing = std::min(spare, past.peak.most() - past.node.count);
    spare -= missing;
    node.count = std::max<int64_t>(1, past.node.count + missing);
  }
  std::sort(now_there.classes.begin(), now_there.classes.end(), RoomierFirst);
  return now_there;
}

}  // namespace ballast::k8s
