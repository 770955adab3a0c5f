// What an API server may send: a list is cut into the same objects whatever the pieces are in which
// it comes, its nodes and DaemonSets are read or refused, and the classes that they make are sound.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "k8s/api/line_splitter.h"
#include "k8s/api/list_splitter.h"
#include "k8s/api/object_parser.h"
#include "k8s/json_text.h"
#include "k8s/live/class_history.h"
#include "k8s/live/daemon_sets.h"
#include "k8s/live/node_reader.h"
#include "k8s/live/node_table.h"
#include "tests/fuzz/fuzz.h"

namespace {

namespace k8s = ballast::k8s;

constexpr size_t kLargest = size_t{1} << 20;

struct Cut {
  bool good = true;
  bool complete = false;
  std::vector<std::string> items;
  std::string rest;
};

Cut CutInPieces(std::string_view text, size_t piece) {
  Cut cut;
  k8s::ListSplitter splitter(kLargest, [&cut](std::string_view item) {
    cut.items.emplace_back(item);
    return true;
  });
  for (size_t at = 0; at < text.size() && cut.good; at += piece) {
    cut.good = splitter.Feed(text.substr(at, piece));
  }
  cut.complete = splitter.complete();
  cut.rest = splitter.rest();
  return cut;
}

void CheckCutting(std::string_view text, const Cut& whole) {
  const Cut bytes = CutInPieces(text, 1);
  FUZZ_LAW(bytes.good == whole.good);
  FUZZ_LAW(bytes.items == whole.items);
  FUZZ_LAW(!whole.good || bytes.rest == whole.rest);
  const auto list = k8s::ParseJson(text);
  if (!list.is_object() || !whole.good) return;
  FUZZ_LAW(whole.complete);
  FUZZ_LAW(!k8s::ParseJson(whole.rest).is_discarded());
}

void ReadObjects(const Cut& cut) {
  k8s::ObjectParser parser;
  k8s::NodeTable nodes;
  k8s::DaemonSets daemon_sets;
  for (const std::string& text : cut.items) {
    const auto object = parser.Parse(text);
    if (!object) continue;
    daemon_sets.Put(*object);
    auto node = k8s::ReadNode(*object);
    FUZZ_LAW(node.ok() || !node.error().what.empty());
    if (node.ok()) nodes.Put(*std::move(node));
  }
  k8s::ClassHistory history;
  ballast::policy::ClusterCapacity capacity = history.Count(nodes.Capacity(), 1'800'000'000);
  daemon_sets.TakeFrom(capacity);
  int64_t counted = 0;
  for (const auto& node : capacity.classes) {
    FUZZ_LAW(node.count > 0 && node.ready >= 0 && node.ready <= node.count);
    counted += node.count;
  }
  FUZZ_LAW(counted == static_cast<int64_t>(nodes.size()));
}

void CheckLines(std::string_view text) {
  std::string lines;
  k8s::LineSplitter splitter(kLargest, [&lines](std::string_view line) {
    lines += line;
    lines += '\n';
    return true;
  });
  for (const char c : text) splitter.Feed(std::string_view(&c, 1));
  FUZZ_LAW(lines.size() <= text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = ballast::fuzz::AsText(data, size);
  const Cut whole = CutInPieces(text, size + 1);
  CheckCutting(text, whole);
  ReadObjects(whole);
  CheckLines(text);
  return 0;
}
