// The floor that others would have: cpp-httplib's own server, which answers every review with a
// constant. It takes the options of `ballast serve` that the benchmark gives and ignores the rest.
//
//   httplib_floor ... --state-dir DIR ... --bench-constant TEXT
#include <httplib.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace {

std::string Option(int argc, char** argv, std::string_view name) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (argv[i] == name) return argv[i + 1];
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  const std::string state = Option(argc, argv, "--state-dir");
  const std::string answer = Option(argc, argv, "--bench-constant");
  httplib::SSLServer server((state + "/tls.crt").c_str(), (state + "/tls.key").c_str());
  server.set_keep_alive_max_count(1'000'000'000);
  server.set_tcp_nodelay(true);
  server.Post("/mutate", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(answer, "application/json");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  if (port <= 0) return 1;
  std::fprintf(stderr, "{\"msg\":\"listening\",\"port\":%d}\n", port);
  return server.listen_after_bind() ? 0 : 1;
}
