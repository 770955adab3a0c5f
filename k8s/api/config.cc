#include "k8s/api/config.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace ballast::k8s {
namespace {

constexpr size_t kLargestCredential = size_t{1} << 20;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool IsThere(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

}  // namespace

policy::Result<std::string> Credential::Read() const {
  if (!text.empty() || file.empty()) return text;
  const std::unique_ptr<FILE, int (*)(FILE*)> opened(std::fopen(file.c_str(), "rbe"), &std::fclose);
  if (opened == nullptr) {
    return policy::Error{file.string(), std::string("cannot be opened: ") + std::strerror(errno)};
  }
  std::string read(kLargestCredential + 1, '\0');
  read.resize(std::fread(read.data(), 1, read.size(), opened.get()));
  if (std::ferror(opened.get()) != 0) {
    return policy::Error{file.string(), "cannot be read"};
  }
  if (read.size() > kLargestCredential) {
    return policy::Error{file.string(), "is larger than 1 MiB"};
  }
  return read;
}

ConfigPlaces PlacesOfThisProcess() {
  ConfigPlaces places;
  places.kubeconfig = Environment("KUBECONFIG");
  places.home = Environment("HOME");
  places.service_host = Environment("KUBERNETES_SERVICE_HOST");
  places.service_port = Environment("KUBERNETES_SERVICE_PORT");
  return places;
}

policy::Result<ApiConfig> InClusterConfig(const ConfigPlaces& places) {
  ApiConfig config;
  config.origin = "the pod's service account";
  const bool brackets = places.service_host.find(':') != std::string::npos;
  config.server = "https://" + (brackets ? "[" + places.service_host + "]" : places.service_host) +
                  ":" + (places.service_port.empty() ? "443" : places.service_port);
  config.authority.file = places.service_account / "ca.crt";
  config.token.file = places.service_account / "token";
  for (const Credential* needed : {&config.token, &config.authority}) {
    const auto read = needed->Read();
    if (!read) {
      return policy::Error{
          read.error().where,
          read.error().what +
              ": a pod needs its service account's token (automountServiceAccountToken: true)"};
    }
  }
  const auto name = Credential{"", places.service_account / "namespace"}.Read();
  if (name) {
    const size_t end = name->find_last_not_of(" \t\r\n");
    if (end != std::string::npos) config.namespace_name = name->substr(0, end + 1);
  }
  return config;
}

policy::Result<std::optional<ApiConfig>> FindApiConfig(const ConfigPlaces& places,
                                                       const ConfigChoice& choice) {
  const auto optional =
      [](policy::Result<ApiConfig> found) -> policy::Result<std::optional<ApiConfig>> {
    if (!found) return found.error();
    return std::optional<ApiConfig>(*std::move(found));
  };
  if (!choice.kubeconfig.empty()) {
    return optional(ReadKubeconfig(choice.kubeconfig, choice.context));
  }
  if (!places.kubeconfig.empty()) {
    return optional(ReadKubeconfig(places.kubeconfig, choice.context));
  }
  const std::filesystem::path file = places.home / ".kube" / "config";
  const bool has_file = !places.home.empty() && IsThere(file);
  if (!choice.context.empty()) {
    if (!has_file) {
      return policy::Error{file.string(),
                           "is not there, and KUBECONFIG is not set: where is the "
                           "context \"" +
                               choice.context + "\"?"};
    }
    return optional(ReadKubeconfig(file.string(), choice.context));
  }
  if (choice.as_kubectl && has_file) return optional(ReadKubeconfig(file.string(), ""));
  if (!places.service_host.empty()) return optional(InClusterConfig(places));
  if (choice.as_kubectl) {
    return policy::Error{file.string(),
                         "is not there, and KUBECONFIG is not set: which cluster? Give "
                         "--kubeconfig FILE, or files of the cluster instead of a live one"};
  }
  return std::optional<ApiConfig>();
}

}  // namespace ballast::k8s
