#include "k8s/nodes.h"

#include <fstream>
#include <iostream>
#include <streambuf>
#include <string>
#include <utility>

#include "k8s/manifest_reader.h"
#include "k8s/node_collector.h"

namespace ballast::k8s {

namespace {

// A stream whose start was looked at already, from its first byte again: a pipe cannot be read
// twice.
class FromTheStart final : public std::streambuf {
 public:
  FromTheStart(std::string start, std::streambuf& rest) : held_(std::move(start)), rest_(rest) {
    Offer(held_.size());
  }

 protected:
  int_type underflow() override {
    constexpr size_t kAtOnce = size_t{16} << 10;
    next_.resize(kAtOnce);
    const std::streamsize got = rest_.sgetn(next_.data(), static_cast<std::streamsize>(kAtOnce));
    // At the end what was read last may still be put back.
    if (got <= 0) return traits_type::eof();
    held_.swap(next_);
    Offer(static_cast<size_t>(got));
    return traits_type::to_int_type(*gptr());
  }

 private:
  void Offer(size_t size) { setg(held_.data(), held_.data(), held_.data() + size); }

  std::string held_;
  std::string next_;
  std::streambuf& rest_;
};

}  // namespace

policy::Result<policy::ClusterCapacity> ReadNodes(std::istream& input, const std::string& name) {
  NodeCollector collector(name);
  std::string start(256, '\0');
  input.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<size_t>(input.gcount()));
  const bool json = LooksLikeJson(start);
  FromTheStart buffer(std::move(start), *input.rdbuf());
  std::istream whole(&buffer);
  if (json) {
    ReadNodesJson(whole, collector);
  } else {
    ReadNodesYaml(whole, collector);
  }
  return std::move(collector).Take();
}

policy::Result<policy::ClusterCapacity> ReadNodesFile(const std::string& path) {
  if (path == "-") return ReadNodes(std::cin, "standard input");
  std::ifstream file(path, std::ios::binary);
  if (!file) return policy::Error{path, "cannot be read"};
  auto capacity = ReadNodes(file, path);
  // As a command leaves it that empties the file before it fails.
  if (capacity.ok() && capacity->classes.empty()) {
    return policy::Error{path, "holds no node: write what `kubectl get nodes -o yaml` prints"};
  }
  return capacity;
}

}  // namespace ballast::k8s
