#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <string>
#include <vector>

#include "k8s/manifest_reader.h"
#include "k8s/node_collector.h"

namespace ballast::k8s {
namespace {

// Thrown through yaml-cpp's parser where the collector wants no more; caught in this file.
struct Stop {};

SourcePlace PlaceOf(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

class Events : public YAML::EventHandler {
 public:
  explicit Events(NodeCollector& collector) : collector_(collector) {}

  bool empty() const { return !any_; }

  // The parser gives documents without end where it cannot pass a character.
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (mark.pos == last_start_) {
      collector_.Fail(PlaceOf(mark), "is not valid YAML: no value begins like this");
      throw Stop();
    }
    last_start_ = mark.pos;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {
    if (!IsKey()) collector_.Null();
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    collector_.Fail(PlaceOf(mark), "aliases are not read in lists of nodes: write the value out");
    throw Stop();
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    if (IsKey()) {
      collector_.Key(value);
      return;
    }
    collector_.Scalar(value, PlaceOf(mark));
    if (collector_.error()) throw Stop();
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    Begin(mark, false);
    collector_.BeginList(PlaceOf(mark));
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    Begin(mark, true);
    collector_.BeginMap(PlaceOf(mark));
  }
  void OnSequenceEnd() override { End(); }
  void OnMapEnd() override { End(); }

 private:
  struct Open {
    bool map = false;
    bool expects_key = false;
  };

  // Whether what comes now is a key; notes that a value or a key is due next.
  bool IsKey() {
    any_ = true;
    if (open_.empty() || !open_.back().map) return false;
    const bool key = open_.back().expects_key;
    open_.back().expects_key = !key;
    return key;
  }

  void Begin(const YAML::Mark& mark, bool map) {
    if (IsKey()) collector_.Fail(PlaceOf(mark), "a key must be text");
    if (open_.size() >= kMostDepth) {
      collector_.Fail(PlaceOf(mark), "is nested deeper than 256 levels");
    }
    if (collector_.error()) throw Stop();
    open_.push_back({map, map});
  }

  void End() {
    open_.pop_back();
    collector_.End();
    if (collector_.error()) throw Stop();
  }

  NodeCollector& collector_;
  std::vector<Open> open_;
  bool any_ = false;
  int last_start_ = -1;  // of the document before
};

}  // namespace

void ReadNodesYaml(std::istream& input, NodeCollector& collector) {
  try {
    Events events(collector);
    YAML::Parser parser(input);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const Stop&) {
    return;
  } catch (const YAML::Exception& problem) {
    collector.Fail(PlaceOf(problem.mark), "is not valid YAML: " + problem.msg);
  }
}

}  // namespace ballast::k8s
