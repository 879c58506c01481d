CREATE TABLE neighbourhoods (
	neighbourhood_code TEXT NOT NULL,
	neighbourhood_name TEXT NOT NULL,
	sector_code TEXT,
	sector_name TEXT,
	lpa_code TEXT NOT NULL,
	lpa_name TEXT NOT NULL,
	residents BIGINT,
	valid_from DATE NOT NULL,
	valid_to DATE,
	geometry TEXT NOT NULL,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_neighbourhoods PRIMARY KEY (neighbourhood_code, valid_from)
);
CREATE TABLE sectors (
	neighbourhood_code TEXT NOT NULL,
	sector_code TEXT NOT NULL,
	sector_name TEXT NOT NULL,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_sectors PRIMARY KEY (neighbourhood_code)
);
CREATE TABLE premises (
	premises_id TEXT NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	valid_from DATE NOT NULL,
	valid_to DATE,
	geometry TEXT NOT NULL,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_premises PRIMARY KEY (premises_id, valid_from)
);
CREATE TABLE hotspots (
	hotspot_id TEXT NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	lpa_code TEXT NOT NULL,
	valid_from DATE NOT NULL,
	valid_to DATE,
	geometry TEXT NOT NULL,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_hotspots PRIMARY KEY (hotspot_id, valid_from)
);
CREATE TABLE officers (
	officer_id TEXT NOT NULL,
	display_name TEXT,
	role TEXT NOT NULL,
	rank TEXT,
	uniformed BOOLEAN,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_officers PRIMARY KEY (officer_id)
);
CREATE TABLE postings (
	officer_id TEXT NOT NULL,
	department TEXT NOT NULL,
	team TEXT NOT NULL,
	lpa_code TEXT NOT NULL,
	sector_code TEXT,
	neighbourhood_code TEXT,
	start_date DATE NOT NULL,
	end_date DATE,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_postings PRIMARY KEY (officer_id, start_date)
);
CREATE TABLE activity_codes (
	activity_code TEXT NOT NULL,
	activity_name TEXT NOT NULL,
	category TEXT NOT NULL,
	family TEXT NOT NULL,
	valid_from DATE NOT NULL,
	valid_to DATE,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_activity_codes PRIMARY KEY (activity_code, valid_from)
);
CREATE TABLE duties (
	officer_id TEXT NOT NULL,
	shift_id TEXT NOT NULL,
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	activity_code TEXT NOT NULL,
	worked_area TEXT,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_duties PRIMARY KEY (officer_id, starts_at)
);
CREATE INDEX ix_duties_starts_at ON duties (starts_at);
CREATE TABLE taskings (
	tasking_id TEXT NOT NULL,
	hotspot_id TEXT NOT NULL,
	window_start TIMESTAMP WITH TIME ZONE NOT NULL,
	window_end TIMESTAMP WITH TIME ZONE NOT NULL,
	officer_id TEXT NOT NULL,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_taskings PRIMARY KEY (tasking_id, officer_id)
);
CREATE TABLE patrols (
	patrol_id TEXT NOT NULL,
	tasking_id TEXT,
	hotspot_id TEXT NOT NULL,
	officer_id TEXT NOT NULL,
	checked_in_at TIMESTAMP WITH TIME ZONE NOT NULL,
	checked_out_at TIMESTAMP WITH TIME ZONE,
	arrests BIGINT,
	stop_searches BIGINT,
	intelligence BIGINT,
	referrals BIGINT,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_patrols PRIMARY KEY (patrol_id)
);
CREATE TABLE closure_codes (
	closure_code TEXT NOT NULL,
	closure_name TEXT NOT NULL,
	asb_category TEXT,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_closure_codes PRIMARY KEY (closure_code)
);
CREATE TABLE incidents (
	incident_id TEXT NOT NULL,
	reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
	grade TEXT,
	closing_codes TEXT,
	closed_at TIMESTAMP WITH TIME ZONE,
	lon FLOAT(53),
	lat FLOAT(53),
	neighbourhood_code TEXT,
	location_ref TEXT,
	caller_ref TEXT,
	risk_assessed BOOLEAN,
	mental_health BOOLEAN,
	provenance TEXT NOT NULL,
	day_known BOOLEAN NOT NULL,
	street_file TEXT,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_incidents PRIMARY KEY (incident_id)
);
CREATE INDEX ix_incidents_reported_at ON incidents (reported_at);
CREATE INDEX ix_incidents_street_file ON incidents (street_file);
CREATE TABLE asb_audits (
	incident_id TEXT NOT NULL,
	audited_on DATE NOT NULL,
	correct BOOLEAN NOT NULL,
	should_be_crime BOOLEAN NOT NULL,
	reason TEXT,
	auditor TEXT,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_asb_audits PRIMARY KEY (incident_id)
);
CREATE TABLE crimes (
	crime_id TEXT NOT NULL,
	recorded_on DATE NOT NULL,
	committed_on DATE,
	offence_code TEXT NOT NULL,
	lon FLOAT(53),
	lat FLOAT(53),
	neighbourhood_code TEXT,
	victim_age BIGINT,
	outcome_code TEXT,
	outcome_on DATE,
	provenance TEXT NOT NULL,
	day_known BOOLEAN NOT NULL,
	street_file TEXT,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_crimes PRIMARY KEY (crime_id)
);
CREATE INDEX ix_crimes_committed_on ON crimes (committed_on);
CREATE INDEX ix_crimes_recorded_on ON crimes (recorded_on);
CREATE INDEX ix_crimes_street_file ON crimes (street_file);
CREATE TABLE offences (
	offence_code TEXT NOT NULL,
	offence_name TEXT NOT NULL,
	offence_group TEXT NOT NULL,
	neighbourhood_crime TEXT,
	violence_with_injury BOOLEAN,
	homicide BOOLEAN,
	town_centre BOOLEAN,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_offences PRIMARY KEY (offence_code)
);
CREATE TABLE weights (
	weight_set TEXT NOT NULL,
	offence_code TEXT NOT NULL,
	weight FLOAT(53) NOT NULL,
	source TEXT NOT NULL,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_weights PRIMARY KEY (weight_set, offence_code)
);
CREATE TABLE stop_searches (
	search_id TEXT NOT NULL,
	searched_at TIMESTAMP WITH TIME ZONE NOT NULL,
	lon FLOAT(53),
	lat FLOAT(53),
	legislation TEXT,
	object TEXT,
	outcome TEXT,
	self_defined_ethnicity TEXT,
	provenance TEXT NOT NULL,
	day_known BOOLEAN NOT NULL,
	street_file TEXT,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_stop_searches PRIMARY KEY (search_id)
);
CREATE INDEX ix_stop_searches_street_file ON stop_searches (street_file);
CREATE INDEX ix_stop_searches_searched_at ON stop_searches (searched_at);
CREATE TABLE establishment (
	month DATE NOT NULL,
	lpa_code TEXT NOT NULL,
	department TEXT NOT NULL,
	role TEXT NOT NULL,
	establishment_fte FLOAT(53) NOT NULL,
	strength_fte FLOAT(53) NOT NULL,
	as_at DATE NOT NULL,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_establishment PRIMARY KEY (month, lpa_code, department, role)
);
CREATE TABLE special_hours (
	month DATE NOT NULL,
	officer_id TEXT NOT NULL,
	duties BIGINT NOT NULL,
	hours FLOAT(53) NOT NULL,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_special_hours PRIMARY KEY (month, officer_id)
);
CREATE TABLE problems (
	problem_id TEXT NOT NULL,
	neighbourhood_code TEXT NOT NULL,
	title TEXT NOT NULL,
	opened_on DATE NOT NULL,
	stage TEXT NOT NULL,
	stage_on DATE NOT NULL,
	closed_on DATE,
	assessed BOOLEAN,
	effective BOOLEAN,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_problems PRIMARY KEY (problem_id)
);
CREATE TABLE profiles (
	neighbourhood_code TEXT NOT NULL,
	month DATE NOT NULL,
	named_officer BOOLEAN NOT NULL,
	priorities_reviewed_on DATE,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_profiles PRIMARY KEY (neighbourhood_code, month)
);
CREATE TABLE meetings (
	meeting_id TEXT NOT NULL,
	neighbourhood_code TEXT NOT NULL,
	held_on DATE NOT NULL,
	attendees BIGINT,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_meetings PRIMARY KEY (meeting_id)
);
CREATE TABLE queries (
	query_id TEXT NOT NULL,
	neighbourhood_code TEXT NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	answered_at TIMESTAMP WITH TIME ZONE,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_queries PRIMARY KEY (query_id)
);
CREATE TABLE measures (
	indicator_id TEXT NOT NULL,
	area_code TEXT NOT NULL,
	month DATE NOT NULL,
	numerator FLOAT(53) NOT NULL,
	denominator FLOAT(53),
	note TEXT,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_measures PRIMARY KEY (indicator_id, area_code, month)
);
CREATE TABLE targets (
	indicator_id TEXT NOT NULL,
	area_code TEXT NOT NULL,
	value FLOAT(53) NOT NULL,
	owner TEXT NOT NULL,
	start_date DATE NOT NULL,
	end_date DATE,
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	CONSTRAINT pk_targets PRIMARY KEY (indicator_id, area_code, start_date)
);
CREATE TABLE loads (
	load_id BIGINT NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE NOT NULL,
	finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
	loaded_by TEXT NOT NULL,
	folder TEXT NOT NULL,
	report TEXT NOT NULL,
	CONSTRAINT pk_loads PRIMARY KEY (load_id)
);
CREATE TABLE visibility (
	day DATE NOT NULL,
	hour BIGINT NOT NULL,
	officer_id TEXT NOT NULL,
	place_kind TEXT NOT NULL,
	neighbourhood_code TEXT NOT NULL,
	seconds BIGINT NOT NULL,
	CONSTRAINT pk_visibility PRIMARY KEY (day, hour, officer_id, place_kind, neighbourhood_code)
);
CREATE TABLE presence (
	day DATE NOT NULL,
	hour BIGINT NOT NULL,
	neighbourhood_code TEXT NOT NULL,
	seconds BIGINT NOT NULL,
	CONSTRAINT pk_presence PRIMARY KEY (day, hour, neighbourhood_code)
);
CREATE TABLE hotspot_stays (
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
	officer_id TEXT NOT NULL,
	hotspot_id TEXT NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_hotspot_stays PRIMARY KEY (starts_at, officer_id, hotspot_id)
);
CREATE TABLE fix_quality (
	day DATE NOT NULL,
	officer_id TEXT NOT NULL,
	fixes BIGINT NOT NULL,
	bad_position BIGINT NOT NULL,
	duplicate BIGINT NOT NULL,
	off_duty BIGINT NOT NULL,
	spike BIGINT NOT NULL,
	median_gap_seconds FLOAT(53),
	CONSTRAINT pk_fix_quality PRIMARY KEY (day, officer_id)
);
CREATE TABLE fix_edges (
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	officer_id TEXT NOT NULL,
	lon FLOAT(53) NOT NULL,
	lat FLOAT(53) NOT NULL,
	CONSTRAINT pk_fix_edges PRIMARY KEY (at, officer_id, lon, lat)
);
CREATE TABLE trail (
	entry_id TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	viewer TEXT NOT NULL,
	what TEXT NOT NULL,
	whom TEXT,
	reason TEXT,
	CONSTRAINT pk_trail PRIMARY KEY (entry_id)
);
CREATE INDEX ix_trail_at ON trail (at);
CREATE TABLE verdicts (
	incident_id TEXT NOT NULL,
	judged_at TIMESTAMP WITH TIME ZONE NOT NULL,
	audited_on DATE NOT NULL,
	correct BOOLEAN NOT NULL,
	should_be_crime BOOLEAN NOT NULL,
	reason TEXT NOT NULL,
	auditor TEXT NOT NULL,
	CONSTRAINT pk_verdicts PRIMARY KEY (incident_id, judged_at)
);
CREATE TABLE load_files (
	file_id BIGINT NOT NULL,
	load_id BIGINT NOT NULL,
	feed TEXT NOT NULL,
	file_name TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	rows_read BIGINT NOT NULL,
	rows_loaded BIGINT NOT NULL,
	rows_set_aside BIGINT NOT NULL,
	newest_event TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_load_files PRIMARY KEY (file_id),
	CONSTRAINT ck_load_files_every_row_is_accounted_for CHECK (rows_read = rows_loaded + rows_set_aside),
	CONSTRAINT fk_load_files_load_id FOREIGN KEY(load_id) REFERENCES loads (load_id)
);
CREATE INDEX ix_load_files_load_id ON load_files (load_id);
CREATE TABLE published (
	path TEXT NOT NULL,
	dataset TEXT NOT NULL,
	month DATE NOT NULL,
	rows BIGINT NOT NULL,
	load_id BIGINT NOT NULL,
	retired_by BIGINT,
	retired_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_published PRIMARY KEY (path),
	CONSTRAINT fk_published_load_id FOREIGN KEY(load_id) REFERENCES loads (load_id)
);
CREATE INDEX ix_published_current ON published (retired_by, dataset, month);
CREATE TABLE rejected (
	file_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	rule TEXT NOT NULL,
	column_name TEXT,
	value TEXT,
	CONSTRAINT pk_rejected PRIMARY KEY (file_id, line),
	CONSTRAINT fk_rejected_file_id FOREIGN KEY(file_id) REFERENCES load_files (file_id)
);
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0001');
