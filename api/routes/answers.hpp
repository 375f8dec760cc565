// The small steps every handler of the generic API takes: find the session, answer a result, cut a list into pages.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <api/http/route.hpp>
#include <api/routes/context.hpp>
#include <host/base/query_reader.hpp>

namespace simhost::routes {

inline void answer_fail(const http::Reply& reply, Error error) { reply(http::answer_error(std::move(error))); }

// done(value) makes the response of a good result; an error is answered as it is.
template <class T, class Good>
session::Done<T> answering(http::Reply reply, Good good) {
  return [reply = std::move(reply), good = std::move(good)](Result<T> result) {
    if (!result) return answer_fail(reply, std::move(result.error()));
    reply(good(std::move(*result)));
  };
}

// The body, or an empty object where none came; null is a body.
const Value& body_of(const http::Request& request);

// The session the path names, or nullptr after answering 404.
session::SessionPointer session_of(const Context& context, const http::Request& request, const http::Reply& reply);

// Answers the session as it is now, with its entity tag: another one for other settings or another state, the same
// while only time goes by.
http::Response show_session(const session::SessionPointer& session);
http::Response session_created(const session::SessionPointer& session);
// For changes of a session: If-Match, held against the session at the moment of the change.
session::Registry::Precondition if_match(const http::Request& request);

// 201 with Location.
http::Response created(std::string location, Value body);
http::Response no_content();

// ?limit and ?after of a list, and the page of it: items are in order of creation, key gives each one's place in it.
struct Page {
  std::size_t limit = 100;
  std::string after;
};
Page read_page(QueryReader& query);
// Filters that are texts; those that are not given stay as they are.
void read_texts(QueryReader& query, std::initializer_list<std::pair<std::string_view, std::string*>> texts);
template <class Items, class Key, class Show>
Value page_of(const Items& items, const Page& page, Key&& key, Show&& show) {
  Value list = Value::array();
  std::string last;
  for (const auto& item : items) {
    if (!page.after.empty() && !(page.after < key(item))) continue;
    if (list.items().size() == page.limit) return Value::object({{"items", std::move(list)}, {"next", last}});
    list.push(show(item));
    last = key(item);
  }
  return Value::object({{"items", std::move(list)}, {"next", nullptr}});
}

// Runs read on the query; answers its faults. True when there are none.
template <class ReadQuery>
bool read_query(const http::Request& request, const http::Reply& reply, ReadQuery&& read) {
  FieldErrors errors;
  QueryReader query(request.query, errors);
  read(query);
  query.finish();
  if (errors.empty()) return true;
  answer_fail(reply, validation_failed(std::move(errors), Place::query));
  return false;
}

// With ETag; 304 where the client holds it.
http::Response cached(const http::Request& request, Value body);

}  // namespace simhost::routes
