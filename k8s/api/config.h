// Where the API server is, how to know it, and how to say who we are: from the service account of
// the pod that we run in, or from a kubeconfig. Nothing here speaks to the server.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "policy/result.h"

namespace ballast::k8s {

// A text that stands in the configuration itself or in a file. The file is read whenever the text
// is needed, so that one which rotates is always the one in force.
struct Credential {
  std::string text;
  std::filesystem::path file;  // where text is empty

  bool empty() const { return text.empty() && file.empty(); }
  // At most 1 MiB; the error names the file.
  policy::Result<std::string> Read() const;
  bool operator==(const Credential&) const = default;
};

struct ApiConfig {
  std::string origin;  // for texts: "context dev of /home/u/.kube/config", "the service account"
  std::string server;  // "https://10.96.0.1:443", with a path where it has one
  std::string tls_server_name;     // the name in its certificate where it's not that of `server`
  Credential authority;            // PEM; empty: the system's
  bool verify_certificate = true;  // false only where a kubeconfig says insecure-skip-tls-verify
  Credential client_certificate;   // PEM, with client_key
  Credential client_key;
  Credential token;
  std::string namespace_name = "default";
};

// What is around the process that may name a cluster.
struct ConfigPlaces {
  std::string kubeconfig;      // KUBECONFIG: files, separated by colons; empty: not set
  std::filesystem::path home;  // HOME, for ~/.kube/config
  std::string service_host;    // KUBERNETES_SERVICE_HOST; empty: not in a pod
  std::string service_port;    // KUBERNETES_SERVICE_PORT
  std::filesystem::path service_account = "/var/run/secrets/kubernetes.io/serviceaccount";
};
ConfigPlaces PlacesOfThisProcess();

// What the user named on the command line.
struct ConfigChoice {
  std::string kubeconfig;  // --kubeconfig; empty: not given
  std::string context;     // --context; empty: not given
  // As for kubectl itself, ~/.kube/config counts where nothing is named, and there must be one.
  bool as_kubectl = false;
};

// The cluster that is named: by --kubeconfig or --context (of KUBECONFIG, else ~/.kube/config), by
// KUBECONFIG, or by the pod that we run in. nullopt: none is named (never as kubectl). An error
// says file and place (file:line:column) of the mistake, and the remedy.
policy::Result<std::optional<ApiConfig>> FindApiConfig(const ConfigPlaces& places,
                                                       const ConfigChoice& choice);

// The service account of a pod.
policy::Result<ApiConfig> InClusterConfig(const ConfigPlaces& places);

// `files` as KUBECONFIG has them; of equal names the first counts, as for kubectl. `context` empty:
// the current one.
policy::Result<ApiConfig> ReadKubeconfig(const std::string& files, const std::string& context);

}  // namespace ballast::k8s
