#include "tests/bench/node_files.h"

#include <array>
#include <fstream>
#include <string>

namespace ballast::bench {
namespace {

struct Size {
  const char* type;
  const char* cpu;
  const char* memory;
};
constexpr std::array<Size, 4> kSizes = {{{"r6i.4xlarge", "15890m", "123456784Ki"},
                                         {"r6i.8xlarge", "31850m", "253456784Ki"},
                                         {"m6i.4xlarge", "15890m", "58456784Ki"},
                                         {"c6i.8xlarge", "31850m", "58456784Ki"}}};
constexpr std::array<const char*, 3> kZones = {"a", "b", "c"};

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

std::string NameOf(size_t i) {
  return "ip-10-" + std::to_string(i / 65536) + "-" + std::to_string(i / 256 % 256) + "-" +
         std::to_string(i % 256) + ".eu-central-1.compute.internal";
}

std::string ShortNode(size_t i) {
  const Size& size = kSizes[i % kSizes.size()];
  return "- kind: Node\n  metadata:\n    name: " + NameOf(i) +
         "\n    labels:\n      kubernetes.io/hostname: " + NameOf(i) +
         "\n      node.kubernetes.io/instance-type: " + size.type +
         "\n  status:\n    allocatable: {cpu: " + size.cpu + ", memory: " + size.memory +
         ", pods: \"110\"}\n    conditions:\n    - {type: Ready, status: \"True\"}\n";
}

// One node as JSON, from which the YAML is made by leaving out what YAML does not need.
std::string FullNode(size_t i) {
  const Size& size = kSizes[i % kSizes.size()];
  const std::string name = NameOf(i);
  std::string text =
      R"({"apiVersion":"v1","kind":"Node","metadata":{"annotations":{)"
      R"("node.alpha.kubernetes.io/ttl":"0","csi.volume.kubernetes.io/nodeid":)"
      R"("{\"ebs.csi.aws.com\":\"i-0a1b2c3d4e5f6\",\"efs.csi.aws.com\":\"i-0a1b\"}",)"
      R"("volumes.kubernetes.io/controller-managed-attach-detach":"true"},)"
      R"("creationTimestamp":"2026-11-01T08:00:00Z","labels":{)"
      R"("beta.kubernetes.io/arch":"amd64","beta.kubernetes.io/os":"linux",)"
      R"("kubernetes.io/arch":"amd64","kubernetes.io/os":"linux",)";
  text += R"("kubernetes.io/hostname":)" + Quoted(name);
  text += R"(,"node.kubernetes.io/instance-type":)" + Quoted(size.type);
  text += R"(,"topology.kubernetes.io/region":"eu-central-1","topology.kubernetes.io/zone":)" +
          Quoted(std::string("eu-central-1") + kZones[i % kZones.size()]);
  text += R"(},"name":)" + Quoted(name) + R"(,"resourceVersion":)" + Quoted(std::to_string(i)) +
          R"(,"uid":"6b1c3f0e-0000-4000-8000-)" + std::to_string(100000000000 + i) +
          R"("},"spec":{"providerID":"aws:///eu-central-1a/i-0a1b2c3d4e5f6"},"status":{)";
  text += R"("addresses":[{"address":"10.0.0.1","type":"InternalIP"},{"address":)" + Quoted(name) +
          R"(,"type":"Hostname"}],)";
  for (const char* part : {"allocatable", "capacity"}) {
    text += Quoted(part) + R"(:{"attachable-volumes-aws-ebs":"25","cpu":)" + Quoted(size.cpu) +
            R"(,"ephemeral-storage":"95551679124","hugepages-1Gi":"0","hugepages-2Mi":"0",)" +
            R"("memory":)" + Quoted(size.memory) + R"(,"pods":"110"},)";
  }
  text += R"("conditions":[)";
  for (const char* type : {"MemoryPressure", "DiskPressure", "PIDPressure", "Ready"}) {
    text += R"({"lastHeartbeatTime":"2026-11-21T08:00:00Z","lastTransitionTime":)"
            R"("2026-11-01T08:00:00Z","message":"kubelet says so","reason":"Kubelet","status":)";
    text += std::string(type) == "Ready" ? R"("True","type":)" : R"("False","type":)";
    text += Quoted(type) + (std::string(type) == "Ready" ? "}" : "},");
  }
  text += R"(],"images":[)";
  for (int image = 0; image < 12; ++image) {
    text += R"({"names":["registry.example.com/platform/image-)" + std::to_string(image) +
            R"(@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",)" +
            R"("registry.example.com/platform/image-)" + std::to_string(image) +
            R"(:v1.2.3"],"sizeBytes":)" + std::to_string(100000000 + image) + "}" +
            (image < 11 ? "," : "");
  }
  text += R"(],"nodeInfo":{"architecture":"amd64","containerRuntimeVersion":"containerd://1.7.2",)"
          R"("kernelVersion":"6.1.0","kubeletVersion":"v1.32.4","operatingSystem":"linux",)"
          R"("osImage":"Debian GNU/Linux 12"}}})";
  return text;
}

// Indents JSON as kubectl does; as YAML without braces, brackets, commas and quotes of keys.
class Printer {
 public:
  explicit Printer(bool yaml) : yaml_(yaml) {}

  std::string Print(const std::string& json, size_t depth) {
    at_ = 0;
    text_ = &json;
    out_.clear();
    Value(depth, true);
    return out_;
  }

 private:
  char Peek() const { return (*text_)[at_]; }
  void Line(size_t depth) {
    out_ += '\n';
    out_.append(2 * depth, ' ');
  }
  std::string Scalar() {
    const size_t begin = at_;
    if (Peek() == '"') {
      for (++at_; Peek() != '"'; ++at_) at_ += Peek() == '\\' ? 1 : 0;
      ++at_;
    } else {
      while (Peek() != ',' && Peek() != '}' && Peek() != ']') ++at_;
    }
    return text_->substr(begin, at_ - begin);
  }
  // `inline_start`: the first member stands on the line that is open.
  void Value(size_t depth, bool inline_start) {
    const char open = Peek();
    if (open != '{' && open != '[') {
      out_ += Scalar();
      return;
    }
    ++at_;
    if (!yaml_) out_ += open;
    const char close = open == '{' ? '}' : ']';
    for (bool first = true; Peek() != close; first = false) {
      if (Peek() == ',') ++at_;
      if (!yaml_ && !first) out_ += ',';
      if (!yaml_) {
        Line(depth + 1);
      } else if (!(first && inline_start)) {
        Line(depth);
      }
      Member(open == '{', depth);
    }
    ++at_;
    if (yaml_) return;
    Line(depth);
    out_ += close;
  }
  void Member(bool named, size_t depth) {
    if (!named) {
      if (yaml_) out_ += "- ";
      Value(depth + 1, true);
      return;
    }
    const std::string key = Scalar();
    ++at_;  // the colon
    out_ += yaml_ ? key.substr(1, key.size() - 2) : key;
    out_ += ':';
    const bool nested = Peek() == '{' || Peek() == '[';
    if (!yaml_ || !nested) out_ += ' ';
    Value(depth + 1, false);
  }

  const bool yaml_;
  const std::string* text_ = nullptr;
  size_t at_ = 0;
  std::string out_;
};

}  // namespace

size_t WriteNodes(const std::filesystem::path& file, NodeFile kind, size_t count) {
  std::ofstream out(file, std::ios::binary);
  const bool json = kind == NodeFile::kFullJson;
  Printer printer(!json);
  out << (json ? "{\n  \"apiVersion\": \"v1\",\n  \"items\": [" : "apiVersion: v1\nitems:\n");
  for (size_t i = 0; i < count; ++i) {
    if (kind == NodeFile::kShortYaml) {
      out << ShortNode(i);
    } else if (json) {
      out << (i > 0 ? ",\n    " : "\n    ") << printer.Print(FullNode(i), 2);
    } else {
      out << "- " << printer.Print(FullNode(i), 1) << "\n";
    }
  }
  out << (json ? "\n  ],\n  \"kind\": \"List\"\n}\n" : "kind: List\n");
  out.close();
  return static_cast<size_t>(std::filesystem::file_size(file));
}

}  // namespace ballast::bench
