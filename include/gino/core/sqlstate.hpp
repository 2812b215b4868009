// SPDX-License-Identifier: BSD-3-Clause
// Written by scripts/generate_sqlstate.py; change that.
#pragma once

#include <string_view>

/// What a database says went wrong, in five characters: `database_error::sqlstate()`. The names are
/// the conditions of PostgreSQL's manual, Appendix A; SQLite's errors have the same codes here.
///
///     if (e.sqlstate() == gino::sqlstate::unique_violation) { ... }
namespace gino::sqlstate {

// Class 00 - Successful Completion
inline constexpr std::string_view successful_completion = "00000";

// Class 01 - Warning
inline constexpr std::string_view warning = "01000";
inline constexpr std::string_view dynamic_result_sets_returned = "0100C";
inline constexpr std::string_view implicit_zero_bit_padding = "01008";
inline constexpr std::string_view null_value_eliminated_in_set_function = "01003";
inline constexpr std::string_view privilege_not_granted = "01007";
inline constexpr std::string_view privilege_not_revoked = "01006";
inline constexpr std::string_view warning_string_data_right_truncation = "01004";
inline constexpr std::string_view deprecated_feature = "01P01";

// Class 02 - No Data (this is also a warning class per the SQL standard)
inline constexpr std::string_view no_data = "02000";
inline constexpr std::string_view no_additional_dynamic_result_sets_returned = "02001";

// Class 03 - SQL Statement Not Yet Complete
inline constexpr std::string_view sql_statement_not_yet_complete = "03000";

// Class 08 - Connection Exception
inline constexpr std::string_view connection_exception = "08000";
inline constexpr std::string_view connection_does_not_exist = "08003";
inline constexpr std::string_view connection_failure = "08006";
inline constexpr std::string_view sqlclient_unable_to_establish_sqlconnection = "08001";
inline constexpr std::string_view sqlserver_rejected_establishment_of_sqlconnection = "08004";
inline constexpr std::string_view transaction_resolution_unknown = "08007";
inline constexpr std::string_view protocol_violation = "08P01";

// Class 09 - Triggered Action Exception
inline constexpr std::string_view triggered_action_exception = "09000";

// Class 0A - Feature Not Supported
inline constexpr std::string_view feature_not_supported = "0A000";

// Class 0B - Invalid Transaction Initiation
inline constexpr std::string_view invalid_transaction_initiation = "0B000";

// Class 0F - Locator Exception
inline constexpr std::string_view locator_exception = "0F000";
inline constexpr std::string_view invalid_locator_specification = "0F001";

// Class 0L - Invalid Grantor
inline constexpr std::string_view invalid_grantor = "0L000";
inline constexpr std::string_view invalid_grant_operation = "0LP01";

// Class 0P - Invalid Role Specification
inline constexpr std::string_view invalid_role_specification = "0P000";

// Class 0Z - Diagnostics Exception
inline constexpr std::string_view diagnostics_exception = "0Z000";
inline constexpr std::string_view stacked_diagnostics_accessed_without_active_handler = "0Z002";

// Class 20 - Case Not Found
inline constexpr std::string_view case_not_found = "20000";

// Class 21 - Cardinality Violation
inline constexpr std::string_view cardinality_violation = "21000";

// Class 22 - Data Exception
inline constexpr std::string_view data_exception = "22000";
inline constexpr std::string_view array_subscript_error = "2202E";
inline constexpr std::string_view character_not_in_repertoire = "22021";
inline constexpr std::string_view datetime_field_overflow = "22008";
inline constexpr std::string_view division_by_zero = "22012";
inline constexpr std::string_view error_in_assignment = "22005";
inline constexpr std::string_view escape_character_conflict = "2200B";
inline constexpr std::string_view indicator_overflow = "22022";
inline constexpr std::string_view interval_field_overflow = "22015";
inline constexpr std::string_view invalid_argument_for_logarithm = "2201E";
inline constexpr std::string_view invalid_argument_for_ntile_function = "22014";
inline constexpr std::string_view invalid_argument_for_nth_value_function = "22016";
inline constexpr std::string_view invalid_argument_for_power_function = "2201F";
inline constexpr std::string_view invalid_argument_for_width_bucket_function = "2201G";
inline constexpr std::string_view invalid_character_value_for_cast = "22018";
inline constexpr std::string_view invalid_datetime_format = "22007";
inline constexpr std::string_view invalid_escape_character = "22019";
inline constexpr std::string_view invalid_escape_octet = "2200D";
inline constexpr std::string_view invalid_escape_sequence = "22025";
inline constexpr std::string_view nonstandard_use_of_escape_character = "22P06";
inline constexpr std::string_view invalid_indicator_parameter_value = "22010";
inline constexpr std::string_view invalid_parameter_value = "22023";
inline constexpr std::string_view invalid_preceding_or_following_size = "22013";
inline constexpr std::string_view invalid_regular_expression = "2201B";
inline constexpr std::string_view invalid_row_count_in_limit_clause = "2201W";
inline constexpr std::string_view invalid_row_count_in_result_offset_clause = "2201X";
inline constexpr std::string_view invalid_tablesample_argument = "2202H";
inline constexpr std::string_view invalid_tablesample_repeat = "2202G";
inline constexpr std::string_view invalid_time_zone_displacement_value = "22009";
inline constexpr std::string_view invalid_use_of_escape_character = "2200C";
inline constexpr std::string_view most_specific_type_mismatch = "2200G";
inline constexpr std::string_view null_value_not_allowed = "22004";
inline constexpr std::string_view null_value_no_indicator_parameter = "22002";
inline constexpr std::string_view numeric_value_out_of_range = "22003";
inline constexpr std::string_view sequence_generator_limit_exceeded = "2200H";
inline constexpr std::string_view string_data_length_mismatch = "22026";
inline constexpr std::string_view string_data_right_truncation = "22001";
inline constexpr std::string_view substring_error = "22011";
inline constexpr std::string_view trim_error = "22027";
inline constexpr std::string_view unterminated_c_string = "22024";
inline constexpr std::string_view zero_length_character_string = "2200F";
inline constexpr std::string_view floating_point_exception = "22P01";
inline constexpr std::string_view invalid_text_representation = "22P02";
inline constexpr std::string_view invalid_binary_representation = "22P03";
inline constexpr std::string_view bad_copy_file_format = "22P04";
inline constexpr std::string_view untranslatable_character = "22P05";
inline constexpr std::string_view datum_version_mismatch = "22P07";
inline constexpr std::string_view not_an_xml_document = "2200L";
inline constexpr std::string_view invalid_xml_document = "2200M";
inline constexpr std::string_view invalid_xml_content = "2200N";
inline constexpr std::string_view invalid_xml_comment = "2200S";
inline constexpr std::string_view invalid_xml_processing_instruction = "2200T";
inline constexpr std::string_view duplicate_json_object_key_value = "22030";
inline constexpr std::string_view invalid_argument_for_sql_json_datetime_function = "22031";
inline constexpr std::string_view invalid_json_text = "22032";
inline constexpr std::string_view invalid_sql_json_subscript = "22033";
inline constexpr std::string_view more_than_one_sql_json_item = "22034";
inline constexpr std::string_view no_sql_json_item = "22035";
inline constexpr std::string_view non_numeric_sql_json_item = "22036";
inline constexpr std::string_view non_unique_keys_in_a_json_object = "22037";
inline constexpr std::string_view singleton_sql_json_item_required = "22038";
inline constexpr std::string_view sql_json_array_not_found = "22039";
inline constexpr std::string_view sql_json_member_not_found = "2203A";
inline constexpr std::string_view sql_json_number_not_found = "2203B";
inline constexpr std::string_view sql_json_object_not_found = "2203C";
inline constexpr std::string_view too_many_json_array_elements = "2203D";
inline constexpr std::string_view too_many_json_object_members = "2203E";
inline constexpr std::string_view sql_json_scalar_required = "2203F";
inline constexpr std::string_view sql_json_item_cannot_be_cast_to_target_type = "2203G";

// Class 23 - Integrity Constraint Violation
inline constexpr std::string_view integrity_constraint_violation = "23000";
inline constexpr std::string_view restrict_violation = "23001";
inline constexpr std::string_view not_null_violation = "23502";
inline constexpr std::string_view foreign_key_violation = "23503";
inline constexpr std::string_view unique_violation = "23505";
inline constexpr std::string_view check_violation = "23514";
inline constexpr std::string_view exclusion_violation = "23P01";

// Class 24 - Invalid Cursor State
inline constexpr std::string_view invalid_cursor_state = "24000";

// Class 25 - Invalid Transaction State
inline constexpr std::string_view invalid_transaction_state = "25000";
inline constexpr std::string_view active_sql_transaction = "25001";
inline constexpr std::string_view branch_transaction_already_active = "25002";
inline constexpr std::string_view held_cursor_requires_same_isolation_level = "25008";
inline constexpr std::string_view inappropriate_access_mode_for_branch_transaction = "25003";
inline constexpr std::string_view inappropriate_isolation_level_for_branch_transaction = "25004";
inline constexpr std::string_view no_active_sql_transaction_for_branch_transaction = "25005";
inline constexpr std::string_view read_only_sql_transaction = "25006";
inline constexpr std::string_view schema_and_data_statement_mixing_not_supported = "25007";
inline constexpr std::string_view no_active_sql_transaction = "25P01";
inline constexpr std::string_view in_failed_sql_transaction = "25P02";
inline constexpr std::string_view idle_in_transaction_session_timeout = "25P03";

// Class 26 - Invalid SQL Statement Name
inline constexpr std::string_view invalid_sql_statement_name = "26000";

// Class 27 - Triggered Data Change Violation
inline constexpr std::string_view triggered_data_change_violation = "27000";

// Class 28 - Invalid Authorization Specification
inline constexpr std::string_view invalid_authorization_specification = "28000";
inline constexpr std::string_view invalid_password = "28P01";

// Class 2B - Dependent Privilege Descriptors Still Exist
inline constexpr std::string_view dependent_privilege_descriptors_still_exist = "2B000";
inline constexpr std::string_view dependent_objects_still_exist = "2BP01";

// Class 2D - Invalid Transaction Termination
inline constexpr std::string_view invalid_transaction_termination = "2D000";

// Class 2F - SQL Routine Exception
inline constexpr std::string_view sql_routine_exception = "2F000";
inline constexpr std::string_view function_executed_no_return_statement = "2F005";
inline constexpr std::string_view sql_routine_modifying_sql_data_not_permitted = "2F002";
inline constexpr std::string_view sql_routine_prohibited_sql_statement_attempted = "2F003";
inline constexpr std::string_view sql_routine_reading_sql_data_not_permitted = "2F004";

// Class 34 - Invalid Cursor Name
inline constexpr std::string_view invalid_cursor_name = "34000";

// Class 38 - External Routine Exception
inline constexpr std::string_view external_routine_exception = "38000";
inline constexpr std::string_view containing_sql_not_permitted = "38001";
inline constexpr std::string_view external_routine_modifying_sql_data_not_permitted = "38002";
inline constexpr std::string_view external_routine_prohibited_sql_statement_attempted = "38003";
inline constexpr std::string_view external_routine_reading_sql_data_not_permitted = "38004";

// Class 39 - External Routine Invocation Exception
inline constexpr std::string_view external_routine_invocation_exception = "39000";
inline constexpr std::string_view invalid_sqlstate_returned = "39001";
inline constexpr std::string_view external_routine_invocation_null_value_not_allowed = "39004";
inline constexpr std::string_view trigger_protocol_violated = "39P01";
inline constexpr std::string_view srf_protocol_violated = "39P02";
inline constexpr std::string_view event_trigger_protocol_violated = "39P03";

// Class 3B - Savepoint Exception
inline constexpr std::string_view savepoint_exception = "3B000";
inline constexpr std::string_view invalid_savepoint_specification = "3B001";

// Class 3D - Invalid Catalog Name
inline constexpr std::string_view invalid_catalog_name = "3D000";

// Class 3F - Invalid Schema Name
inline constexpr std::string_view invalid_schema_name = "3F000";

// Class 40 - Transaction Rollback
inline constexpr std::string_view transaction_rollback = "40000";
inline constexpr std::string_view transaction_integrity_constraint_violation = "40002";
inline constexpr std::string_view serialization_failure = "40001";
inline constexpr std::string_view statement_completion_unknown = "40003";
inline constexpr std::string_view deadlock_detected = "40P01";

// Class 42 - Syntax Error or Access Rule Violation
inline constexpr std::string_view syntax_error_or_access_rule_violation = "42000";
inline constexpr std::string_view syntax_error = "42601";
inline constexpr std::string_view insufficient_privilege = "42501";
inline constexpr std::string_view cannot_coerce = "42846";
inline constexpr std::string_view grouping_error = "42803";
inline constexpr std::string_view windowing_error = "42P20";
inline constexpr std::string_view invalid_recursion = "42P19";
inline constexpr std::string_view invalid_foreign_key = "42830";
inline constexpr std::string_view invalid_name = "42602";
inline constexpr std::string_view name_too_long = "42622";
inline constexpr std::string_view reserved_name = "42939";
inline constexpr std::string_view datatype_mismatch = "42804";
inline constexpr std::string_view indeterminate_datatype = "42P18";
inline constexpr std::string_view collation_mismatch = "42P21";
inline constexpr std::string_view indeterminate_collation = "42P22";
inline constexpr std::string_view wrong_object_type = "42809";
inline constexpr std::string_view generated_always = "428C9";
inline constexpr std::string_view undefined_column = "42703";
inline constexpr std::string_view undefined_function = "42883";
inline constexpr std::string_view undefined_table = "42P01";
inline constexpr std::string_view undefined_parameter = "42P02";
inline constexpr std::string_view undefined_object = "42704";
inline constexpr std::string_view duplicate_column = "42701";
inline constexpr std::string_view duplicate_cursor = "42P03";
inline constexpr std::string_view duplicate_database = "42P04";
inline constexpr std::string_view duplicate_function = "42723";
inline constexpr std::string_view duplicate_prepared_statement = "42P05";
inline constexpr std::string_view duplicate_schema = "42P06";
inline constexpr std::string_view duplicate_table = "42P07";
inline constexpr std::string_view duplicate_alias = "42712";
inline constexpr std::string_view duplicate_object = "42710";
inline constexpr std::string_view ambiguous_column = "42702";
inline constexpr std::string_view ambiguous_function = "42725";
inline constexpr std::string_view ambiguous_parameter = "42P08";
inline constexpr std::string_view ambiguous_alias = "42P09";
inline constexpr std::string_view invalid_column_reference = "42P10";
inline constexpr std::string_view invalid_column_definition = "42611";
inline constexpr std::string_view invalid_cursor_definition = "42P11";
inline constexpr std::string_view invalid_database_definition = "42P12";
inline constexpr std::string_view invalid_function_definition = "42P13";
inline constexpr std::string_view invalid_prepared_statement_definition = "42P14";
inline constexpr std::string_view invalid_schema_definition = "42P15";
inline constexpr std::string_view invalid_table_definition = "42P16";
inline constexpr std::string_view invalid_object_definition = "42P17";

// Class 44 - WITH CHECK OPTION Violation
inline constexpr std::string_view with_check_option_violation = "44000";

// Class 53 - Insufficient Resources
inline constexpr std::string_view insufficient_resources = "53000";
inline constexpr std::string_view disk_full = "53100";
inline constexpr std::string_view out_of_memory = "53200";
inline constexpr std::string_view too_many_connections = "53300";
inline constexpr std::string_view configuration_limit_exceeded = "53400";

// Class 54 - Program Limit Exceeded
inline constexpr std::string_view program_limit_exceeded = "54000";
inline constexpr std::string_view statement_too_complex = "54001";
inline constexpr std::string_view too_many_columns = "54011";
inline constexpr std::string_view too_many_arguments = "54023";

// Class 55 - Object Not In Prerequisite State
inline constexpr std::string_view object_not_in_prerequisite_state = "55000";
inline constexpr std::string_view object_in_use = "55006";
inline constexpr std::string_view cant_change_runtime_param = "55P02";
inline constexpr std::string_view lock_not_available = "55P03";
inline constexpr std::string_view unsafe_new_enum_value_usage = "55P04";

// Class 57 - Operator Intervention
inline constexpr std::string_view operator_intervention = "57000";
inline constexpr std::string_view query_canceled = "57014";
inline constexpr std::string_view admin_shutdown = "57P01";
inline constexpr std::string_view crash_shutdown = "57P02";
inline constexpr std::string_view cannot_connect_now = "57P03";
inline constexpr std::string_view database_dropped = "57P04";
inline constexpr std::string_view idle_session_timeout = "57P05";

// Class 58 - System Error (errors external to PostgreSQL itself)
inline constexpr std::string_view system_error = "58000";
inline constexpr std::string_view io_error = "58030";
inline constexpr std::string_view undefined_file = "58P01";
inline constexpr std::string_view duplicate_file = "58P02";

// Class 72 - Snapshot Failure
inline constexpr std::string_view snapshot_too_old = "72000";

// Class F0 - Configuration File Error
inline constexpr std::string_view config_file_error = "F0000";
inline constexpr std::string_view lock_file_exists = "F0001";

// Class HV - Foreign Data Wrapper Error (SQL/MED)
inline constexpr std::string_view fdw_error = "HV000";
inline constexpr std::string_view fdw_column_name_not_found = "HV005";
inline constexpr std::string_view fdw_dynamic_parameter_value_needed = "HV002";
inline constexpr std::string_view fdw_function_sequence_error = "HV010";
inline constexpr std::string_view fdw_inconsistent_descriptor_information = "HV021";
inline constexpr std::string_view fdw_invalid_attribute_value = "HV024";
inline constexpr std::string_view fdw_invalid_column_name = "HV007";
inline constexpr std::string_view fdw_invalid_column_number = "HV008";
inline constexpr std::string_view fdw_invalid_data_type = "HV004";
inline constexpr std::string_view fdw_invalid_data_type_descriptors = "HV006";
inline constexpr std::string_view fdw_invalid_descriptor_field_identifier = "HV091";
inline constexpr std::string_view fdw_invalid_handle = "HV00B";
inline constexpr std::string_view fdw_invalid_option_index = "HV00C";
inline constexpr std::string_view fdw_invalid_option_name = "HV00D";
inline constexpr std::string_view fdw_invalid_string_length_or_buffer_length = "HV090";
inline constexpr std::string_view fdw_invalid_string_format = "HV00A";
inline constexpr std::string_view fdw_invalid_use_of_null_pointer = "HV009";
inline constexpr std::string_view fdw_too_many_handles = "HV014";
inline constexpr std::string_view fdw_out_of_memory = "HV001";
inline constexpr std::string_view fdw_no_schemas = "HV00P";
inline constexpr std::string_view fdw_option_name_not_found = "HV00J";
inline constexpr std::string_view fdw_reply_handle = "HV00K";
inline constexpr std::string_view fdw_schema_not_found = "HV00Q";
inline constexpr std::string_view fdw_table_not_found = "HV00R";
inline constexpr std::string_view fdw_unable_to_create_execution = "HV00L";
inline constexpr std::string_view fdw_unable_to_create_reply = "HV00M";
inline constexpr std::string_view fdw_unable_to_establish_connection = "HV00N";

// Class P0 - PL/pgSQL Error
inline constexpr std::string_view plpgsql_error = "P0000";
inline constexpr std::string_view raise_exception = "P0001";
inline constexpr std::string_view no_data_found = "P0002";
inline constexpr std::string_view too_many_rows = "P0003";
inline constexpr std::string_view assert_failure = "P0004";

// Class XX - Internal Error
inline constexpr std::string_view internal_error = "XX000";
inline constexpr std::string_view data_corrupted = "XX001";
inline constexpr std::string_view index_corrupted = "XX002";

}  // namespace gino::sqlstate
