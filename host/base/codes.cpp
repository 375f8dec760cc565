// The table of error codes and the page made from it.
#include <host/base/codes.hpp>

#include <array>

namespace simhost {
namespace {

constexpr auto table = std::to_array<CodeInfo>({
    {"invalid_json", 400, "The body is not JSON",
     "The text is no valid JSON value in UTF-8; detail names line and column."},
    {"invalid_msgpack", 400, "The body is not MessagePack",
     "The bytes are no single, complete MessagePack value of the kinds taken."},
    {"duplicate_key", 400, "A key is given twice", "An object holds the same key more than once."},
    {"too_deep", 400, "The body is nested too deeply",
     "Values are nested deeper than 64 levels in JSON or 32 in MessagePack."},
    {"body_missing", 400, "A body is needed", "The request came without the body this route needs."},
    {"invalid_query", 400, "The query is not valid",
     "The query string cannot be read or one of its values is not valid."},
    {"invalid_request", 400, "The request cannot be read",
     "The request breaks the rules of HTTP or of its path's encoding."},
    {"invalid_header", 400, "A header is not valid",
     "A header is malformed, given twice, or holds a value that is not taken."},
    {"unauthorized", 401, "A valid token is needed",
     "No token was given where one is needed, or the one given is not valid."},
    {"forbidden", 403, "Not permitted", "The caller may not do this: the scope it needs is missing."},
    {"origin_not_allowed", 403, "Origin not allowed",
     "A web page of another origin sent the request; list the origin in http.origins."},
    {"not_found", 404, "Not found", "The path names nothing that exists."},
    {"method_not_allowed", 405, "Method not allowed",
     "The resource exists but does not take this method; Allow lists those it takes."},
    {"not_acceptable", 406, "No such format", "None of the formats asked for in Accept can be given."},
    {"request_timeout", 408, "The request took too long", "The headers or the body did not arrive in time."},
    {"wrong_state", 409, "Wrong state", "The operation is not possible in the present state of the resource."},
    {"name_taken", 409, "Name taken", "Another resource already bears this name."},
    {"tick_passed", 409, "The tick has passed", "The tick or time asked for lies behind the present one."},
    {"in_use", 409, "In use", "Something else uses the resource; it cannot be removed or changed now."},
    {"id_taken", 409, "Id taken", "The id the client chose is in use on this connection."},
    {"already_exists", 409, "Already exists", "A resource with this id is already there."},
    {"read_only", 409, "Read only", "The resource plays back a recording and takes no writes."},
    {"busy", 409, "Busy", "The resource works on something else at the moment."},
    {"command_refused", 409, "Command refused",
     "The model refused the command in its present state; detail is its reason."},
    {"idempotency_key_in_work", 409, "The first request is in work",
     "A request with the same Idempotency-Key has not been answered yet."},
    {"plugin_not_unloadable", 409, "The plugin cannot be unloaded",
     "The library stays mapped in this process; a restart of the host removes it."},
    {"descriptor_breaking", 409, "Breaking change",
     "The new generation does not fit the running sessions of the old one."},
    {"precondition_failed", 412, "Changed meanwhile", "If-Match does not name the present version of the resource."},
    {"payload_too_large", 413, "Body too large", "The body is larger than the limit of the route."},
    {"uri_too_long", 414, "Target too long", "The request target is longer than the limit."},
    {"unsupported_media_type", 415, "Content type not taken",
     "The content type or content coding of the body is not taken here."},
    {"range_not_satisfiable", 416, "Range not satisfiable", "The range asked for lies outside the file."},
    {"expectation_failed", 417, "Expectation not met", "Expect holds something other than 100-continue."},
    {"host_not_allowed", 421, "Host not allowed", "The Host header names a host that is not in http.allowed_hosts."},
    {"validation_failed", 422, "Validation failed", "Several parts of the request are not valid; errors lists them."},
    {"unknown_key", 422, "Unknown key", "The object has no member of this name; detail gives the nearest known one."},
    {"missing", 422, "Missing", "A member that is needed was not given."},
    {"wrong_type", 422, "Wrong type", "The value is of another type than the one needed."},
    {"value_out_of_range", 422, "Value out of range", "The number lies outside min and max."},
    {"not_in_enum", 422, "Not one of the choices", "The value is none of those allowed; detail lists them."},
    {"wrong_length", 422, "Wrong length", "The text or array is too short or too long."},
    {"invalid_format", 422, "Wrong format", "The text does not have the form needed."},
    {"not_valid", 422, "Not valid", "The value breaks a rule that no other code names."},
    {"not_writable", 422, "Not writable", "The variable is no input and no tunable parameter."},
    {"unknown_model", 422, "Unknown model", "No loaded plugin offers a model of this id."},
    {"unknown_session", 422, "Unknown session", "The session named in the body does not exist."},
    {"unknown_variable", 422, "Unknown variable", "The model has no variable of this name."},
    {"unknown_command", 422, "Unknown command", "The model has no command of this name."},
    {"unknown_reference", 422, "Unknown reference", "A resource named in the body does not exist."},
    {"lane_out_of_range", 422, "Lane out of range", "The session has fewer lanes than that."},
    {"idempotency_key_reused", 422, "Idempotency-Key reused", "The key was used before with another request."},
    {"digest_mismatch", 422, "Digest mismatch", "The bytes are not those their digest announces."},
    {"plugin_not_loadable", 422, "The plugin cannot be loaded",
     "The library or one of its symbols cannot be loaded; detail is the loader's text."},
    {"plugin_not_a_library", 422, "Not a plugin library", "The file is no 64-bit ELF shared library for this machine."},
    {"plugin_path_not_allowed", 422, "Path not allowed",
     "The path leaves the configured plugin folders or does not exist in them."},
    {"plugin_unsafe_file", 422, "Unsafe file", "The file or its folder can be written by others."},
    {"plugin_no_stamp", 422, "No stamp", "The library carries no simhost stamp; build it with sim_add_plugin()."},
    {"plugin_abi_mismatch", 422, "ABI mismatch", "The plugin was built for an ABI this host does not speak."},
    {"plugin_bad_symbols", 422, "Wrong symbols",
     "The library exports more than its entry, or imports what plugins may not."},
    {"plugin_bad_descriptor", 422, "Faulty descriptor",
     "The descriptor of the plugin breaks rules of the ABI; errors lists them."},
    {"plugin_bad_settings", 422, "Faulty settings",
     "The settings given for the plugin are not valid; errors lists them."},
    {"plugin_init_failed", 422, "The plugin refused to start",
     "The init of the plugin returned an error; detail is its text."},
    {"plugin_create_failed", 422, "The model refused its parameters",
     "create or prepare of the model returned an error; detail is its text."},
    {"plugin_id_mismatch", 422, "Another plugin",
     "The file holds another plugin than the one that was to be replaced."},
    {"plugin_cpu_unsupported", 422, "CPU not supported", "The library needs instructions this machine does not have."},
    {"checkpoint_mismatch", 422, "Checkpoint does not fit", "The checkpoint is of another model, shape or step."},
    {"confirm_required", 428, "Confirmation required",
     "The command is hazardous: send it again with \"confirm\": true."},
    {"rate_limited", 429, "Too many requests", "The rate limit is used up; Retry-After says when to come again."},
    {"rate_limit_exceeded", 429, "Too many messages",
     "The clients of the session sent more messages in a second than the stream of the plugin takes."},
    {"header_too_large", 431, "Headers too large", "The header block or the number of its fields exceeds the limit."},
    {"simulation_failed", 500, "The session has failed",
     "The model stopped the session with an error; reason on the session tells it."},
    {"non_finite", 500, "Not a finite number",
     "The model computed a value that is no finite number; the session has failed."},
    {"plugin_error", 500, "Error in a plugin", "A plugin returned an error or broke a clause of its contract."},
    {"invalid_argument", 500, "Faulty argument", "A plugin called the host with an argument that is not valid."},
    {"plugin_fatal", 500, "A plugin gave up", "A plugin declared itself unusable; its sessions have failed."},
    {"plugin_missing", 500, "Plugin missing", "The plugin that the session was made with is not loaded."},
    {"overrun", 500, "Aborted by an overrun", "A tick ended late in a session whose overrun policy is abort."},
    {"checkpoint_damaged", 500, "Stored values damaged",
     "What the store holds of a session or checkpoint is not what was written; the session can be deleted."},
    {"interrupted", 500, "Interrupted", "The host ended while the work was going on."},
    {"cancelled", 500, "Cancelled", "The work was cancelled before it was done."},
    {"file_damaged", 500, "The file is damaged",
     "A file the host wrote was cut or changed since, and cannot be read; detail names it."},
    {"storage_error", 500, "The disk failed", "A file could not be read or written; detail is the system's text."},
    {"internal", 500, "Internal error", "The host made a mistake; the log has an entry with the same request id."},
    {"unsupported", 501, "Not supported", "This plugin or build does not offer the function."},
    {"limit_reached", 503, "Limit reached", "A limit of the host is reached; detail names it."},
    {"inbox_full", 503, "The session is busy", "The inbox of the session is full; come again after Retry-After."},
    {"overloaded", 503, "Overloaded", "The host sheds load; come again after Retry-After."},
    {"draining", 503, "Shutting down", "The host or the plugin is ending and takes no new work."},
    {"not_ready", 503, "Not ready", "The host has not finished starting."},
    {"plugin_unavailable", 503, "Plugin not available",
     "The plugin is being replaced, has failed or has no free worker."},
    {"plugin_stuck", 503, "The plugin is stuck",
     "Handlers of the plugin do not return and no worker is left for it; reload or unload it."},
    {"plugin_timeout", 503, "The plugin took too long", "The handler of the plugin did not end by its deadline."},
    {"timed_out", 503, "No answer in time",
     "The session did not reach the tick that would have answered within the time allowed."},
    {"store_unavailable", 503, "The store is away",
     "What the request changes cannot be made durable now; it may have happened, and is forgotten by a restart."},
    {"disk_full", 507, "Disk full", "There is no room left for what was to be written."},
});

void append_row(std::string& page, const CodeInfo& info) {
  page += "## ";
  page += info.code;
  page += "\n**";
  page += std::to_string(info.status);
  page += " ";
  page += info.title;
  page += ".** ";
  page += info.sentence;
  page += "\n\n";
}

}  // namespace

std::span<const CodeInfo> all_codes() noexcept { return table; }

const CodeInfo* find_code(std::string_view code) noexcept {
  for (const CodeInfo& info : table) {
    if (info.code == code) return &info;
  }
  return nullptr;
}

int status_of(const Error& error) noexcept {
  if (error.status != 0) return error.status;
  const CodeInfo* info = find_code(error.code);
  return info != nullptr ? info->status : 500;
}

std::string error_page() {
  std::string page =
      "# Error codes\n\n"
      "Errors are `application/problem+json` (RFC 9457). `code` is one of the words below and never changes its\n"
      "meaning; `errors` lists every faulty field with a code of its own. This page is generated from the table in\n"
      "`host/base/codes.cpp`.\n\n";
  for (const CodeInfo& info : table) append_row(page, info);
  page.pop_back();
  return page;
}

}  // namespace simhost
