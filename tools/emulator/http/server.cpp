// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "base/wall_clock.h"
#include "http/reply_sender.h"

namespace kvsemulator {
namespace {

constexpr const char* kControlPrefix = "/_emulator/";

std::string orEmpty(const char* text) { return text ? text : ""; }

Request readRequest(SoupServerMessage* message, const std::string& scheme) {
  Request request;
  GUri* uri = soup_server_message_get_uri(message);
  request.method = soup_server_message_get_method(message);
  request.path = orEmpty(g_uri_get_path(uri));
  request.query = orEmpty(g_uri_get_query(uri));
  request.scheme = scheme;
  SoupMessageHeadersIter iter;
  soup_message_headers_iter_init(&iter, soup_server_message_get_request_headers(message));
  const char* name = nullptr;
  const char* value = nullptr;
  while (soup_message_headers_iter_next(&iter, &name, &value)) {
    g_autofree gchar* lower = g_ascii_strdown(name, -1);
    request.headers.emplace_back(lower, value);
  }
  const Bytes body =
      Bytes::adopt(soup_message_body_flatten(soup_server_message_get_request_body(message)));
  request.body = std::string(body.view());
  return request;
}

}  // namespace

Server::Server(RequestHandler handler, RequestLog& log)
    : handler_(std::move(handler)), log_(log), server_(soup_server_new(nullptr, nullptr)) {
  soup_server_add_handler(server_, nullptr, onRequest, this, nullptr);
}

Server::~Server() {
  soup_server_disconnect(server_);
  g_object_unref(server_);
}

Result<std::string> Server::listen(const ServerOptions& options) {
  g_autoptr(GError) error = nullptr;
  SoupServerListenOptions flags{};
  if (!options.tlsCertificate.empty()) {
    g_autoptr(GTlsCertificate) certificate = g_tls_certificate_new_from_files(
        options.tlsCertificate.c_str(), options.tlsKey.c_str(), &error);
    if (!certificate) {
      return failure(error->message);
    }
    soup_server_set_tls_certificate(server_, certificate);
    flags = SOUP_SERVER_LISTEN_HTTPS;
    scheme_ = "https";
  }
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string(
      options.address.c_str(), static_cast<guint>(options.port));
  if (!address) {
    return failure("'" + options.address + "' is not an IP address");
  }
  if (!soup_server_listen(server_, address, flags, &error)) {
    return failure(error->message);
  }
  GSList* uris = soup_server_get_uris(server_);
  const int port = g_uri_get_port(static_cast<GUri*>(uris->data));
  g_slist_free_full(uris, [](gpointer uri) { g_uri_unref(static_cast<GUri*>(uri)); });
  const bool ipv6 = options.address.find(':') != std::string::npos;
  const std::string host = ipv6 ? "[" + options.address + "]" : options.address;
  return scheme_ + "://" + host + ":" + std::to_string(port);
}

void Server::onRequest(SoupServer*, SoupServerMessage* message, const char*, GHashTable*,
                       gpointer self) {
  auto* server = static_cast<Server*>(self);
  Request request = readRequest(message, server->scheme_);
  request.connection = server->connectionOf(message);
  auto entry = std::make_shared<LogEntry>();
  entry->timeMs = nowMs();
  entry->connection = request.connection;
  entry->operation = request.method + " " + request.path;
  Reply reply = server->handler_(request, *entry);
  entry->status = reply.status;
  entry->errorCode = reply.errorCode;
  if (request.path.rfind(kControlPrefix, 0) != 0) {
    server->log_.begin(entry);
  }
  ReplySender::send(message, std::move(reply), std::move(entry), server->log_);
}

uint64_t Server::connectionOf(SoupServerMessage* message) {
  static constexpr const char* kKey = "kvs-connection";
  GObject* socket = G_OBJECT(soup_server_message_get_socket(message));
  auto id = reinterpret_cast<uintptr_t>(g_object_get_data(socket, kKey));
  if (id == 0) {
    id = ++connections_;
    g_object_set_data(socket, kKey, reinterpret_cast<gpointer>(id));
    g_socket_set_option(G_SOCKET(socket), IPPROTO_TCP, TCP_NODELAY, 1, nullptr);
  }
  return id;
}

}  // namespace kvsemulator
