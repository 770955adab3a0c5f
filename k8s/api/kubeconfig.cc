// Reads kubeconfigs: which context, its cluster, its user. What would have to be run or guessed is
// refused with the remedy, never left out in silence.

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "k8s/api/base64.h"
#include "k8s/api/config.h"
#include "k8s/api/server_address.h"

namespace ballast::k8s {
namespace {

using policy::Error;
using policy::Result;

struct File {
  std::string path;
  YAML::Node root;
};

// A map inside one of the files, with what is needed to say where it stands.
struct Part {
  const File* file = nullptr;
  YAML::Node node;
};

std::string Place(const std::string& path, const YAML::Mark& mark) {
  if (mark.is_null()) return path;
  return path + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

Error Mistake(const Part& part, const YAML::Node& node, std::string what) {
  return {Place(part.file->path, node.Mark()), std::move(what)};
}

std::vector<std::string> Split(const std::string& files) {
  std::vector<std::string> paths;
  size_t begin = 0;
  while (begin <= files.size()) {
    const size_t end = std::min(files.find(':', begin), files.size());
    if (end > begin) paths.push_back(files.substr(begin, end - begin));
    begin = end + 1;
  }
  return paths;
}

Result<std::vector<File>> ReadFiles(const std::string& files) {
  std::vector<File> read;
  Error missing;
  for (const std::string& path : Split(files)) {
    const auto text = Credential{"", path}.Read();
    if (!text) {
      // As for kubectl, of several files some may be missing.
      missing = text.error();
      continue;
    }
    try {
      read.push_back({path, YAML::Load(*text)});
    } catch (const YAML::Exception& problem) {
      return Error{Place(path, problem.mark), "is not valid YAML: " + problem.msg};
    }
    if (!read.back().root.IsMap()) return Error{path, "is no kubeconfig: it must be a map"};
  }
  if (read.empty()) return missing;
  return read;
}

// The text of a scalar; empty where it is left out.
Result<std::string> Text(const Part& part, const char* key) {
  const YAML::Node node = part.node[key];
  if (!node || node.IsNull()) return std::string();
  if (!node.IsScalar()) return Mistake(part, node, std::string(key) + " must be a text");
  return node.Scalar();
}

Result<bool> Flag(const Part& part, const char* key) {
  const auto text = Text(part, key);
  if (!text) return text.error();
  if (*text == "true") return true;
  if (text->empty() || *text == "false") return false;
  return Mistake(part, part.node[key], std::string(key) + " must be true or false");
}

// The entry of this name in "clusters", "users" or "contexts", and in it what "cluster", "user" or
// "context" holds; of several the first.
Result<Part> Find(const std::vector<File>& files, const char* list, const char* member,
                  const std::string& name) {
  for (const File& file : files) {
    const YAML::Node entries = file.root[list];
    if (!entries || !entries.IsSequence()) continue;
    for (const YAML::Node& entry : entries) {
      if (!entry.IsMap() || !entry["name"] || !entry["name"].IsScalar()) continue;
      if (entry["name"].Scalar() != name) continue;
      const YAML::Node held = entry[member];
      if (held && held.IsMap()) return Part{&file, held};
      if (!held || held.IsNull()) return Part{&file, YAML::Node(YAML::NodeType::Map)};
      return Error{Place(file.path, held.Mark()), std::string(member) + " must be a map"};
    }
  }
  return Error{files.front().path, std::string(list) + " holds no \"" + name + "\""};
}

std::string NamesOf(const std::vector<File>& files, const char* list) {
  std::string names;
  for (const File& file : files) {
    const YAML::Node entries = file.root[list];
    if (!entries || !entries.IsSequence()) continue;
    for (const YAML::Node& entry : entries) {
      if (!entry.IsMap() || !entry["name"] || !entry["name"].IsScalar()) continue;
      names += (names.empty() ? "" : ", ") + entry["name"].Scalar();
    }
  }
  return names.empty() ? "none" : names;
}

// `key`-data holds the text itself (base64), `key` the path of a file, relative to the kubeconfig.
Result<Credential> ReadCredential(const Part& part, const std::string& key,
                                  const std::string& data_key) {
  const auto data = Text(part, data_key.c_str());
  if (!data) return data.error();
  if (!data->empty()) {
    auto decoded = DecodeBase64(*data);
    if (decoded && !decoded->empty()) return Credential{*std::move(decoded), {}};
    return Mistake(part, part.node[data_key], data_key + " is not base64");
  }
  const auto path = Text(part, key.c_str());
  if (!path) return path.error();
  if (path->empty()) return Credential{};
  return Credential{"", std::filesystem::path(part.file->path).parent_path() / *path};
}

std::optional<Error> ReadCluster(const Part& part, ApiConfig& config) {
  const auto server = Text(part, "server");
  if (!server) return server.error();
  if (server->empty()) return Mistake(part, part.node, "the cluster has no server");
  const auto address = ParseServerAddress(*server);
  if (!address) return Mistake(part, part.node["server"], address.error().what);
  config.server = *server;
  if (const YAML::Node proxy = part.node["proxy-url"]; proxy && !proxy.IsNull()) {
    return Mistake(part, proxy,
                   "proxy-url is not supported: name a server that is reached "
                   "directly, or use `kubectl proxy` and a context for it");
  }
  const auto name = Text(part, "tls-server-name");
  if (!name) return name.error();
  config.tls_server_name = *name;
  const auto insecure = Flag(part, "insecure-skip-tls-verify");
  if (!insecure) return insecure.error();
  config.verify_certificate = !*insecure;
  auto authority = ReadCredential(part, "certificate-authority", "certificate-authority-data");
  if (!authority) return authority.error();
  config.authority = *std::move(authority);
  return std::nullopt;
}

// Ways of saying who one is that Ballast has not.
std::optional<Error> RefuseOthers(const Part& part, const std::string& context) {
  struct Way {
    const char* key;
    const char* what;
  };
  static constexpr std::array<Way, 6> kWays = {{
      {"exec", "gets its credentials from a program (exec), which Ballast does not run"},
      {"auth-provider",
       "gets its credentials from an auth-provider, which Kubernetes 1.26 removed"},
      {"username", "names a user and a password, which Kubernetes 1.19 removed"},
      {"as", "impersonates another user (as), which Ballast does not do"},
      {"as-groups", "impersonates another group (as-groups), which Ballast does not do"},
      {"as-uid", "impersonates another user (as-uid), which Ballast does not do"},
  }};
  for (const Way& way : kWays) {
    const YAML::Node node = part.node[way.key];
    if (!node || node.IsNull()) continue;
    return Mistake(part, node,
                   "the context \"" + context + "\" " + way.what +
                       ": give it a token (`kubectl create token SERVICEACCOUNT`), a tokenFile or "
                       "a client certificate, or name another with --context");
  }
  return std::nullopt;
}

std::optional<Error> ReadUser(const Part& part, const std::string& context, ApiConfig& config) {
  if (auto refused = RefuseOthers(part, context)) return refused;
  auto certificate = ReadCredential(part, "client-certificate", "client-certificate-data");
  if (!certificate) return certificate.error();
  auto key = ReadCredential(part, "client-key", "client-key-data");
  if (!key) return key.error();
  if (certificate->empty() != key->empty()) {
    return Mistake(part, part.node, "a client certificate and its client key go together");
  }
  config.client_certificate = *std::move(certificate);
  config.client_key = *std::move(key);
  // As for client-go, a tokenFile is stronger than a token.
  const auto file = Text(part, "tokenFile");
  if (!file) return file.error();
  const auto token = Text(part, "token");
  if (!token) return token.error();
  if (!file->empty()) {
    config.token.file = std::filesystem::path(part.file->path).parent_path() / *file;
  } else {
    config.token.text = *token;
  }
  return std::nullopt;
}

Result<std::string> CurrentContext(const std::vector<File>& files) {
  for (const File& file : files) {
    const YAML::Node current = file.root["current-context"];
    if (current && current.IsScalar() && !current.Scalar().empty()) return current.Scalar();
  }
  return Error{files.front().path, "has no current-context: name one with --context (there are: " +
                                       NamesOf(files, "contexts") + ")"};
}

Result<ApiConfig> Read(const std::string& paths, const std::string& wanted) {
  const auto files = ReadFiles(paths);
  if (!files) return files.error();
  const auto context = wanted.empty() ? CurrentContext(*files) : Result<std::string>(wanted);
  if (!context) return context.error();
  const auto part = Find(*files, "contexts", "context", *context);
  if (!part) {
    return Error{part.error().where, "there is no context \"" + *context +
                                         "\" (there are: " + NamesOf(*files, "contexts") + ")"};
  }
  ApiConfig config;
  config.origin = "the context " + *context + " of " + part->file->path;
  const auto name = Text(*part, "namespace");
  if (!name) return name.error();
  if (!name->empty()) config.namespace_name = *name;
  const auto cluster_name = Text(*part, "cluster");
  if (!cluster_name) return cluster_name.error();
  const auto cluster = Find(*files, "clusters", "cluster", *cluster_name);
  if (!cluster) return cluster.error();
  if (auto error = ReadCluster(*cluster, config)) return *std::move(error);
  const auto user_name = Text(*part, "user");
  if (!user_name) return user_name.error();
  if (user_name->empty()) return config;
  const auto user = Find(*files, "users", "user", *user_name);
  if (!user) return user.error();
  if (auto error = ReadUser(*user, *context, config)) return *std::move(error);
  return config;
}

}  // namespace

Result<ApiConfig> ReadKubeconfig(const std::string& files, const std::string& context) {
  try {
    return Read(files, context);
  } catch (const YAML::Exception& problem) {
    return Error{files, "is no kubeconfig: " + problem.msg};
  }
}

}  // namespace ballast::k8s
