#include "notify/curl_library.h"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace gander::notify {
namespace {

[[noreturn]] void refuse() {
  const char* const words = ::dlerror();
  throw std::runtime_error(std::string("libcurl cannot be loaded: ") + (words ? words : "unknown reason"));
}

template <class Function>
void find(void* library, const char* name, Function& out) {
  out = reinterpret_cast<Function>(::dlsym(library, name));
  if (out == nullptr) refuse();
}

CurlLibrary load() {
  void* const library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) refuse();
  CurlLibrary out{};
  find(library, "curl_easy_cleanup", out.easy_cleanup);
  find(library, "curl_easy_getinfo", out.easy_getinfo);
  find(library, "curl_easy_init", out.easy_init);
  find(library, "curl_easy_recv", out.easy_recv);
  find(library, "curl_easy_send", out.easy_send);
  find(library, "curl_easy_setopt", out.easy_setopt);
  find(library, "curl_easy_strerror", out.easy_strerror);
  find(library, "curl_free", out.free);
  find(library, "curl_global_init", out.global_init);
  find(library, "curl_multi_add_handle", out.multi_add_handle);
  find(library, "curl_multi_cleanup", out.multi_cleanup);
  find(library, "curl_multi_info_read", out.multi_info_read);
  find(library, "curl_multi_init", out.multi_init);
  find(library, "curl_multi_remove_handle", out.multi_remove_handle);
  find(library, "curl_multi_setopt", out.multi_setopt);
  find(library, "curl_multi_socket_action", out.multi_socket_action);
  find(library, "curl_slist_append", out.slist_append);
  find(library, "curl_slist_free_all", out.slist_free_all);
  find(library, "curl_url", out.url);
  find(library, "curl_url_cleanup", out.url_cleanup);
  find(library, "curl_url_get", out.url_get);
  find(library, "curl_url_set", out.url_set);
  return out;
}

}  // namespace

const CurlLibrary& curl() {
  static const CurlLibrary library = load();
  return library;
}

}  // namespace gander::notify
